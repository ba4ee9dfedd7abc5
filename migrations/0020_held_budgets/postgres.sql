-- What the models of a turn under way may still cost: held for it as long as its lease lives, beside what is spent.

ALTER TABLE core.turns
    ADD held_tokens bigint NOT NULL DEFAULT 0,
    ADD held_cost bigint NOT NULL DEFAULT 0;
