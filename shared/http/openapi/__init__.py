"""The OpenAPI document, written from what the endpoints declare of themselves."""
