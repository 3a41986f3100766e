"""The development script's own code. It needs nothing but Python's standard library."""
