"""The author's commands: what `make refresh`, `make claims`, `make chapter`, `make prove` and the others run."""
