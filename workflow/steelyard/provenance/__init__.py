"""Where a result comes from: a crate that names all that went in and came out, and annotations for other programs."""
