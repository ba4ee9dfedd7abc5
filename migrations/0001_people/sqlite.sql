-- Organizations and their people. Times are microseconds since 1970 (UTC): docs/adr/0001-times-are-microseconds.md.

CREATE TABLE organizations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    display_name TEXT,
    description TEXT,
    website TEXT,
    logo_url TEXT,
    salesforce_org_id TEXT,
    subscription_tier TEXT NOT NULL
        CHECK (subscription_tier IN ('trial', 'free', 'starter', 'professional', 'enterprise')),
    subscription_status TEXT NOT NULL CHECK (subscription_status IN ('active', 'past_due', 'cancelled')),
    trial_ends_at INTEGER,
    subscription_expires_at INTEGER,
    max_users INTEGER NOT NULL CHECK (max_users > 0),
    max_conversations_per_month INTEGER NOT NULL CHECK (max_conversations_per_month > 0),
    max_messages_per_conversation INTEGER NOT NULL CHECK (max_messages_per_conversation > 0),
    max_knowledge_entries INTEGER NOT NULL CHECK (max_knowledge_entries > 0),
    max_api_calls_per_hour INTEGER NOT NULL CHECK (max_api_calls_per_hour > 0),
    storage_quota_gb INTEGER NOT NULL CHECK (storage_quota_gb > 0),
    current_users_count INTEGER NOT NULL CHECK (current_users_count >= 0),
    current_month INTEGER NOT NULL,
    current_month_conversations INTEGER NOT NULL CHECK (current_month_conversations >= 0),
    total_conversations_lifetime INTEGER NOT NULL CHECK (total_conversations_lifetime >= 0),
    current_knowledge_entries INTEGER NOT NULL CHECK (current_knowledge_entries >= 0),
    current_knowledge_passages INTEGER NOT NULL CHECK (current_knowledge_passages >= 0),
    current_knowledge_terms INTEGER NOT NULL CHECK (current_knowledge_terms >= 0),
    current_storage_bytes INTEGER NOT NULL CHECK (current_storage_bytes >= 0),
    settings TEXT NOT NULL,
    features TEXT NOT NULL,
    branding TEXT NOT NULL,
    timezone TEXT NOT NULL,
    default_language TEXT NOT NULL,
    supported_languages TEXT NOT NULL,
    allowed_domains TEXT NOT NULL,
    ip_whitelist TEXT NOT NULL,
    require_mfa INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    is_verified INTEGER NOT NULL,
    is_demo INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    tags TEXT NOT NULL,
    knowledge_version INTEGER NOT NULL,
    intents_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX organizations_newest ON organizations (created_at DESC, id DESC);

CREATE TABLE users (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    external_id TEXT,
    email TEXT,
    email_verified INTEGER NOT NULL,
    password_hash TEXT,
    password_changed_at INTEGER,
    mfa_enabled INTEGER NOT NULL,
    first_name TEXT,
    last_name TEXT,
    display_name TEXT,
    phone_number TEXT,
    role TEXT NOT NULL CHECK (role IN ('admin', 'supervisor', 'agent', 'customer', 'system')),
    customer_tier TEXT,
    preferred_language TEXT,
    timezone TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'suspended', 'deleted')),
    total_conversations INTEGER NOT NULL CHECK (total_conversations >= 0),
    last_seen_at INTEGER,
    attributes TEXT NOT NULL,
    tags TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, email),
    UNIQUE (organization_id, external_id)
) STRICT;
CREATE INDEX users_newest ON users (organization_id, created_at DESC, id DESC);
CREATE INDEX users_newest_of_role ON users (organization_id, role, created_at DESC, id DESC);
CREATE INDEX users_by_email ON users (email) WHERE email IS NOT NULL;

CREATE TABLE api_keys (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
) STRICT;
CREATE INDEX api_keys_newest ON api_keys (organization_id, created_at DESC, id DESC);

CREATE TABLE refresh_tokens (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    family_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    spent_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;
CREATE INDEX refresh_tokens_of_family ON refresh_tokens (organization_id, family_id);
CREATE INDEX refresh_tokens_of_user ON refresh_tokens (organization_id, user_id);
CREATE INDEX refresh_tokens_ending ON refresh_tokens (expires_at);
