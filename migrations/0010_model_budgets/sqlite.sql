-- What language models may cost and have cost: tokens, and money in millionths. Both rows are read with every turn anyway.

ALTER TABLE organizations ADD model_budget TEXT NOT NULL DEFAULT '{}';
ALTER TABLE organizations ADD model_month INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD model_tokens_this_month INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD model_cost_this_month INTEGER NOT NULL DEFAULT 0;

ALTER TABLE conversations ADD model_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD model_cost INTEGER NOT NULL DEFAULT 0;
