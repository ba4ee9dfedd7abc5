-- What an organization calls its own things. A turn reads the organization anyway, and so learns whether they have changed.

ALTER TABLE organizations ADD terms_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE terms (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    terms TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id)
) STRICT;
