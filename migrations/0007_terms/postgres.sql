-- What an organization calls its own things. A turn reads the organization anyway, and so learns whether they have changed.

ALTER TABLE core.organizations ADD terms_version bigint NOT NULL DEFAULT 0;

CREATE TABLE ai.terms (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    terms jsonb NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (organization_id)
);
CALL core.protect('ai.terms');
