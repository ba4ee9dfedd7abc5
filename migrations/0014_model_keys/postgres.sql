-- Organizations' own keys for language models, sealed. A turn reads the organization anyway, and so learns whether they have
-- changed.

ALTER TABLE core.organizations ADD model_keys_version bigint NOT NULL DEFAULT 0;

CREATE TABLE ai.model_keys (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    model text NOT NULL,
    sealed text NOT NULL,
    last_four text NOT NULL,
    base_url text,
    set_at bigint NOT NULL,
    PRIMARY KEY (organization_id, model)
);
CALL core.protect('ai.model_keys');
