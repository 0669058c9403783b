"""The edge: bytes in, checked models; models out, bytes; every refusal one problem document."""
