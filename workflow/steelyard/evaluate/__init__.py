"""How good the coders are, measured on data of others and on the default study: `make evaluate`."""
