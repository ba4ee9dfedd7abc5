-- Schemas, the guard of every tenant's rows, organizations and their people.
-- Times are microseconds since 1970 (UTC): docs/adr/0001-times-are-microseconds.md. `core.at` shows them to people.

CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS ai;
CREATE SCHEMA IF NOT EXISTS analytics;
CREATE SCHEMA IF NOT EXISTS audit;

CREATE FUNCTION core.at(micros bigint) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_timestamp(0) + micros * interval '1 microsecond';

-- The organization of the unit of work. Without one nothing may be read or written. A pooled connection that had one
-- before shows '', not NULL.
CREATE FUNCTION core.current_org() RETURNS uuid
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    organization text := nullif(current_setting('app.current_org_id', true), '');
BEGIN
    IF organization IS NULL THEN
        RAISE EXCEPTION 'no organization is set: app.current_org_id'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN organization::uuid;
END $$;

-- Puts a tenant's table under row level security, for its owner too. The owner's own policy is for the functions
-- below that look across organizations and give back ids only; the program never connects as the owner.
-- The subselect is evaluated once for a statement, not once for a row.
CREATE PROCEDURE core.protect(target regclass)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY tenant ON %s USING (organization_id = (SELECT core.current_org()))', target);
    EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true)', target);
END $$;

CREATE TABLE core.organizations (
    id uuid PRIMARY KEY,
    slug text NOT NULL CONSTRAINT organizations_slug UNIQUE,
    name text NOT NULL,
    display_name text,
    description text,
    website text,
    logo_url text,
    salesforce_org_id text,
    subscription_tier text NOT NULL
        CHECK (subscription_tier IN ('trial', 'free', 'starter', 'professional', 'enterprise')),
    subscription_status text NOT NULL CHECK (subscription_status IN ('active', 'past_due', 'cancelled')),
    trial_ends_at bigint,
    subscription_expires_at bigint,
    max_users bigint NOT NULL CHECK (max_users > 0),
    max_conversations_per_month bigint NOT NULL CHECK (max_conversations_per_month > 0),
    max_messages_per_conversation bigint NOT NULL CHECK (max_messages_per_conversation > 0),
    max_knowledge_entries bigint NOT NULL CHECK (max_knowledge_entries > 0),
    max_api_calls_per_hour bigint NOT NULL CHECK (max_api_calls_per_hour > 0),
    storage_quota_gb bigint NOT NULL CHECK (storage_quota_gb > 0),
    current_users_count bigint NOT NULL CHECK (current_users_count >= 0),
    current_month bigint NOT NULL,
    current_month_conversations bigint NOT NULL CHECK (current_month_conversations >= 0),
    total_conversations_lifetime bigint NOT NULL CHECK (total_conversations_lifetime >= 0),
    current_knowledge_entries bigint NOT NULL CHECK (current_knowledge_entries >= 0),
    current_knowledge_passages bigint NOT NULL CHECK (current_knowledge_passages >= 0),
    current_knowledge_terms bigint NOT NULL CHECK (current_knowledge_terms >= 0),
    current_storage_bytes bigint NOT NULL CHECK (current_storage_bytes >= 0),
    settings jsonb NOT NULL,
    features jsonb NOT NULL,
    branding jsonb NOT NULL,
    timezone text NOT NULL,
    default_language text NOT NULL,
    supported_languages jsonb NOT NULL,
    allowed_domains jsonb NOT NULL,
    ip_whitelist jsonb NOT NULL,
    require_mfa boolean NOT NULL,
    is_active boolean NOT NULL,
    is_verified boolean NOT NULL,
    is_demo boolean NOT NULL,
    metadata jsonb NOT NULL,
    tags jsonb NOT NULL,
    knowledge_version bigint NOT NULL,
    intents_version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX organizations_newest ON core.organizations (created_at DESC, id DESC);

-- The system organization sees the list of organizations, and nothing else of theirs.
ALTER TABLE core.organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON core.organizations
    USING (
        id = (SELECT core.current_org())
        OR (SELECT core.current_org()) = '00000000-0000-7000-8000-000000000000'
    )
    WITH CHECK (id = (SELECT core.current_org()));
CREATE POLICY owner ON core.organizations TO CURRENT_USER USING (true);

CREATE TABLE core.users (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    id uuid NOT NULL,
    external_id text,
    email text,
    email_verified boolean NOT NULL,
    password_hash text,
    password_changed_at bigint,
    mfa_enabled boolean NOT NULL,
    first_name text,
    last_name text,
    display_name text,
    phone_number text,
    role text NOT NULL CHECK (role IN ('admin', 'supervisor', 'agent', 'customer', 'system')),
    customer_tier text,
    preferred_language text,
    timezone text,
    status text NOT NULL CHECK (status IN ('active', 'inactive', 'suspended', 'deleted')),
    total_conversations bigint NOT NULL CHECK (total_conversations >= 0),
    last_seen_at bigint,
    attributes jsonb NOT NULL,
    tags jsonb NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT users_email UNIQUE (organization_id, email),
    CONSTRAINT users_external_id UNIQUE (organization_id, external_id)
);
CREATE INDEX users_newest ON core.users (organization_id, created_at DESC, id DESC);
CREATE INDEX users_newest_of_role ON core.users (organization_id, role, created_at DESC, id DESC);
CREATE INDEX users_by_email ON core.users (email) WHERE email IS NOT NULL;
CALL core.protect('core.users');

CREATE TABLE core.api_keys (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    hash text NOT NULL CONSTRAINT api_keys_hash UNIQUE,
    scopes jsonb NOT NULL,
    created_by uuid,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint,
    last_used_at bigint,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES core.users (organization_id, id)
);
CREATE INDEX api_keys_newest ON core.api_keys (organization_id, created_at DESC, id DESC);
CALL core.protect('core.api_keys');

CREATE TABLE core.refresh_tokens (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    family_id uuid NOT NULL,
    user_id uuid NOT NULL,
    hash text NOT NULL CONSTRAINT refresh_tokens_hash UNIQUE,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    spent_at bigint,
    revoked_at bigint,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES core.users (organization_id, id)
);
CREATE INDEX refresh_tokens_of_family ON core.refresh_tokens (organization_id, family_id);
CREATE INDEX refresh_tokens_of_user ON core.refresh_tokens (organization_id, user_id);
CREATE INDEX refresh_tokens_ending ON core.refresh_tokens (expires_at);
CALL core.protect('core.refresh_tokens');

-- What may be asked before the organization is known. Ids come back, nothing else.
CREATE FUNCTION core.directory_organization(wanted_slug text) RETURNS TABLE (organization_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.id FROM core.organizations o WHERE o.slug = wanted_slug;
END;

CREATE FUNCTION core.directory_accounts(wanted_email text, wanted_slug text)
    RETURNS TABLE (organization_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT u.organization_id, u.id
    FROM core.users u JOIN core.organizations o ON o.id = u.organization_id
    WHERE u.email = wanted_email AND u.status <> 'deleted' AND (wanted_slug IS NULL OR o.slug = wanted_slug)
    ORDER BY u.organization_id
    LIMIT 2;
END;

CREATE FUNCTION core.directory_api_key(wanted_hash text) RETURNS TABLE (organization_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT k.organization_id, k.id FROM core.api_keys k WHERE k.hash = wanted_hash;
END;

CREATE FUNCTION core.directory_refresh_token(wanted_hash text) RETURNS TABLE (organization_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT t.organization_id, t.id FROM core.refresh_tokens t WHERE t.hash = wanted_hash;
END;

REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA core FROM PUBLIC;
