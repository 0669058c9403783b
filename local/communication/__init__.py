"""Azure Communication Services for this machine: takes e-mail and SMS, records them, shows them."""
