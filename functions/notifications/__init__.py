"""Notifications: tells people what concerns them, in the app, by e-mail and by SMS, each once."""
