"""Second to last step before weighing: codes become evidence, and evidence the ledger of independent voices."""
