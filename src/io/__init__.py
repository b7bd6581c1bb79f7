"""The shell: sockets, clock, keys and files around the pure core. It knows no dialect's payloads."""
