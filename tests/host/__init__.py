"""The local Functions host, from its parsers to whole apps behind real sockets."""
