"""Policy expressions: the small part of C# that the app's policies use, checked before any call."""
