"""What runs inside the sandbox. It imports NumPy, msgpack and the standard library, and nothing else of ours."""
