"""Where Folkmoot is installed: workspaces with their tokens, tenants that may be heard, and what becomes of them."""
