-- What language models may cost and have cost: tokens, and money in millionths. Both rows are read with every turn anyway.

ALTER TABLE core.organizations
    ADD model_budget jsonb NOT NULL DEFAULT '{}',
    ADD model_month bigint NOT NULL DEFAULT 0,
    ADD model_tokens_this_month bigint NOT NULL DEFAULT 0,
    ADD model_cost_this_month bigint NOT NULL DEFAULT 0;

ALTER TABLE core.conversations
    ADD model_tokens bigint NOT NULL DEFAULT 0,
    ADD model_cost bigint NOT NULL DEFAULT 0;
