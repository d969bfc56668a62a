"""The steps of the schema, run by `folkmoot migrate` and at the start of `folkmoot serve`."""
