-- Nothing comes back: nobody else reads or writes the ledger until the transaction ends.
lock table nexiom.instance, nexiom.ledger in access exclusive mode
