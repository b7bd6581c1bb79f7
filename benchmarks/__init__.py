"""Measurements: `benchmarks.core` of the translators, `benchmarks.gateway` of a running gateway."""
