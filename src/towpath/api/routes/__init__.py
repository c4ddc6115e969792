"""The routes, one file for each resource. ``towpath.api.app`` lists them."""
