"""What the product needs of Blob Storage, through both clients of the SDK and through links."""
