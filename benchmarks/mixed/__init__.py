"""Mixed clients against failing providers: see `benchmarks.mixed_soak`."""
