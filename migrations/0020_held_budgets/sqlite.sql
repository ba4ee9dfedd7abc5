-- What the models of a turn under way may still cost: held for it as long as its lease lives, beside what is spent.

ALTER TABLE turns ADD held_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE turns ADD held_cost INTEGER NOT NULL DEFAULT 0;
