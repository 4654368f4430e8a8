-- The server of the backplane: the list of nodes and the log of changes. Each function is one statement for its caller, so a node that
-- stops during a call does not block the others. Each function locks the same row first, so calls run one after another.
CREATE TABLE IF NOT EXISTS "ApiKeyAuthBus" (
    "Id" integer PRIMARY KEY CHECK ("Id" = 1),
    "Boot" text NOT NULL,
    "Clock" bigint NOT NULL,
    "Last" bigint NOT NULL,
    "Generation" bigint NOT NULL);
CREATE TABLE IF NOT EXISTS "ApiKeyAuthBusNodes" (
    "Id" text PRIMARY KEY,
    "Acknowledged" bigint NOT NULL,
    "Seen" bigint NOT NULL,
    "Lease" bigint NOT NULL);
CREATE TABLE IF NOT EXISTS "ApiKeyAuthBusChanges" (
    "Number" bigint PRIMARY KEY,
    "Mark" text NOT NULL,
    "KeyId" text NOT NULL);

-- Changes with each start of a server, and on each server that may take over, because a replica may lack an acknowledged change.
CREATE OR REPLACE FUNCTION "ApiKeyAuthBusBoot"() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT extract(epoch FROM pg_postmaster_start_time())::text
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBusAppend"(number bigint, key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    mark text := replace(gen_random_uuid()::text, '-', '');
BEGIN
    INSERT INTO "ApiKeyAuthBusChanges" VALUES (number, mark, key);
    DELETE FROM "ApiKeyAuthBusChanges" WHERE "Number" <= number - 1024;
    RETURN number || ':' || mark;
END
$$;

-- Locks the state, resets it if the server was restarted, and advances its clock.
CREATE OR REPLACE FUNCTION "ApiKeyAuthBusOpen"(lease bigint) RETURNS "ApiKeyAuthBus" LANGUAGE plpgsql AS $$
DECLARE
    state "ApiKeyAuthBus";
    now_ms bigint;
BEGIN
    -- Acknowledged changes must survive a crash, regardless of the default of the database.
    PERFORM set_config('synchronous_commit', 'on', true);
    INSERT INTO "ApiKeyAuthBus" VALUES (1, '', 0, 0, 0) ON CONFLICT DO NOTHING;
    SELECT * INTO state FROM "ApiKeyAuthBus" WHERE "Id" = 1 FOR UPDATE;
    now_ms := floor(extract(epoch FROM clock_timestamp()) * 1000);
    IF state."Boot" <> "ApiKeyAuthBusBoot"() THEN
        DELETE FROM "ApiKeyAuthBusNodes";
        DELETE FROM "ApiKeyAuthBusChanges";
        state."Boot" := "ApiKeyAuthBusBoot"();
        state."Clock" := 0;
        state."Last" := now_ms;
        state."Generation" := 1;
        PERFORM "ApiKeyAuthBusAppend"(1, '');
    END IF;

    -- A jump of the server's clock counts as at most half a lease.
    state."Clock" := state."Clock" + least(greatest(now_ms - state."Last", 0), lease / 2);
    state."Last" := now_ms;
    UPDATE "ApiKeyAuthBus"
    SET "Boot" = state."Boot", "Clock" = state."Clock", "Last" = state."Last", "Generation" = state."Generation"
    WHERE "Id" = 1;
    RETURN state;
END
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBusDropGone"(clock bigint) RETURNS void LANGUAGE sql AS $$
    DELETE FROM "ApiKeyAuthBusNodes" WHERE clock - "Seen" >= "Lease" + "Lease" / 2
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBusLongest"(lease bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(lease, (SELECT max("Lease") FROM "ApiKeyAuthBusNodes"))
$$;

-- Returns the number of a position, or null if the log does not contain it.
CREATE OR REPLACE FUNCTION "ApiKeyAuthBusNumber"(pos text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT "Number" FROM "ApiKeyAuthBusChanges" WHERE "Number" || ':' || "Mark" = pos
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBusBeat"(
    node text, lease bigint, pos text, OUT "Position" text, OUT "Nodes" integer, OUT "Changed" text[])
LANGUAGE plpgsql AS $$
DECLARE
    state "ApiKeyAuthBus" := "ApiKeyAuthBusOpen"(lease);
    number bigint := "ApiKeyAuthBusNumber"(pos);
    before bigint := coalesce((SELECT "Acknowledged" FROM "ApiKeyAuthBusNodes" WHERE "Id" = node), -1);
BEGIN
    INSERT INTO "ApiKeyAuthBusNodes" VALUES (node, coalesce(number, 0), state."Clock", lease)
    ON CONFLICT ("Id") DO UPDATE SET "Acknowledged" = excluded."Acknowledged", "Seen" = excluded."Seen", "Lease" = excluded."Lease";
    PERFORM "ApiKeyAuthBusDropGone"(state."Clock");
    IF before < number AND number = state."Generation" AND NOT EXISTS (SELECT FROM "ApiKeyAuthBusNodes" WHERE "Acknowledged" < number) THEN
        PERFORM pg_notify('ApiKeyAuthBus', 'acknowledged');
    END IF;

    "Position" := (SELECT "Number" || ':' || "Mark" FROM "ApiKeyAuthBusChanges" WHERE "Number" = state."Generation");
    "Nodes" := (SELECT count(*) FROM "ApiKeyAuthBusNodes");
    IF number IS NOT NULL THEN
        "Changed" := ARRAY(SELECT "KeyId" FROM "ApiKeyAuthBusChanges" WHERE "Number" > number ORDER BY "Number");
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBusPublish"(
    node text, lease bigint, key text, OUT "Position" text, OUT "IsAlone" boolean, OUT "IsSettled" boolean, OUT "Longest" bigint)
LANGUAGE plpgsql AS $$
DECLARE
    state "ApiKeyAuthBus" := "ApiKeyAuthBusOpen"(lease);
BEGIN
    UPDATE "ApiKeyAuthBus" SET "Generation" = state."Generation" + 1 WHERE "Id" = 1;
    "Position" := "ApiKeyAuthBusAppend"(state."Generation" + 1, key);
    PERFORM "ApiKeyAuthBusDropGone"(state."Clock");
    PERFORM pg_notify('ApiKeyAuthBus', 'changed');
    "IsAlone" := NOT EXISTS (SELECT FROM "ApiKeyAuthBusNodes" WHERE "Id" <> node);
    "Longest" := "ApiKeyAuthBusLongest"(lease);
    "IsSettled" := state."Clock" >= "Longest" + "Longest" / 2;
END
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBusIsAcknowledged"(node text, lease bigint, pos text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT "Boot" = "ApiKeyAuthBusBoot"() AND "Clock" >= "ApiKeyAuthBusLongest"(lease) * 3 / 2 FROM "ApiKeyAuthBus")
        AND NOT EXISTS (SELECT FROM "ApiKeyAuthBusNodes" WHERE "Id" <> node AND "Acknowledged" < "ApiKeyAuthBusNumber"(pos))
        AND "ApiKeyAuthBusNumber"(pos) IS NOT NULL, false)
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBusLeave"(node text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM "ApiKeyAuthBusNodes" WHERE "Id" = node
$$;
