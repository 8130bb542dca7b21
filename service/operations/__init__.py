"""What the service can do: a module is a noun of the field, a function a verb; none of them commits."""
