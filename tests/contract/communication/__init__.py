"""The contract of e-mail and SMS: Azure's unchanged SDKs against the local recorder."""
