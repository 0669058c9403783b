"""The policies that the app's gateway uses, each read from its element of the policy document."""
