-- When the erasure of a customer began. It is done once the organization's own id of the customer is gone, too.
ALTER TABLE users ADD erased_at INTEGER;
