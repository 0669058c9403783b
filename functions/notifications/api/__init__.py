"""Notifications over HTTP."""

from functions.notifications.api import contacts, deliveries, inbox
from functions.notifications.api.blueprint import bp

__all__ = ["bp", "contacts", "deliveries", "inbox"]
