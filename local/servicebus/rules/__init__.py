"""Rules of subscriptions: which of a topic's messages each of them takes."""
