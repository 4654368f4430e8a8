-- The server of the backplane: the list of nodes and the log of changes. Each function is one statement for its caller, so a node that
-- stops during a call does not block the others. Each function locks the same row first, so calls run one after another.
CREATE TABLE IF NOT EXISTS "ApiKeyAuthBackplane" (
    "Id" integer PRIMARY KEY CHECK ("Id" = 1),
    "ServerStart" text NOT NULL,
    "Clock" bigint NOT NULL,
    "Last" bigint NOT NULL,
    "Generation" bigint NOT NULL);
CREATE TABLE IF NOT EXISTS "ApiKeyAuthBackplaneMembers" (
    "Id" text PRIMARY KEY,
    "Acknowledged" bigint NOT NULL,
    "Seen" bigint NOT NULL,
    "Lease" bigint NOT NULL);
CREATE TABLE IF NOT EXISTS "ApiKeyAuthBackplaneChanges" (
    "Number" bigint PRIMARY KEY,
    "Mark" text NOT NULL,
    "KeyId" text NOT NULL);

-- Changes with each start of a server, and on each server that may take over, because a replica may lack an acknowledged change.
CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneServerStart"() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT extract(epoch FROM pg_postmaster_start_time())::text
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneAppend"(number bigint, key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    mark text := replace(gen_random_uuid()::text, '-', '');
BEGIN
    INSERT INTO "ApiKeyAuthBackplaneChanges" VALUES (number, mark, key);
    DELETE FROM "ApiKeyAuthBackplaneChanges" WHERE "Number" <= number - 1024;
    RETURN number || ':' || mark;
END
$$;

-- Locks the state, resets it if the server was restarted, and advances its clock.
CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneOpen"(lease bigint) RETURNS "ApiKeyAuthBackplane" LANGUAGE plpgsql AS $$
DECLARE
    state "ApiKeyAuthBackplane";
    now_ms bigint;
BEGIN
    -- Acknowledged changes must survive a crash, regardless of the default of the database.
    PERFORM set_config('synchronous_commit', 'on', true);
    INSERT INTO "ApiKeyAuthBackplane" VALUES (1, '', 0, 0, 0) ON CONFLICT DO NOTHING;
    SELECT * INTO state FROM "ApiKeyAuthBackplane" WHERE "Id" = 1 FOR UPDATE;
    now_ms := floor(extract(epoch FROM clock_timestamp()) * 1000);
    IF state."ServerStart" <> "ApiKeyAuthBackplaneServerStart"() THEN
        DELETE FROM "ApiKeyAuthBackplaneMembers";
        DELETE FROM "ApiKeyAuthBackplaneChanges";
        state."ServerStart" := "ApiKeyAuthBackplaneServerStart"();
        state."Clock" := 0;
        state."Last" := now_ms;
        state."Generation" := 1;
        PERFORM "ApiKeyAuthBackplaneAppend"(1, '');
    END IF;

    -- A jump of the server's clock counts as at most half a lease.
    state."Clock" := state."Clock" + least(greatest(now_ms - state."Last", 0), lease / 2);
    state."Last" := now_ms;
    UPDATE "ApiKeyAuthBackplane"
    SET "ServerStart" = state."ServerStart", "Clock" = state."Clock", "Last" = state."Last", "Generation" = state."Generation"
    WHERE "Id" = 1;
    RETURN state;
END
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneRemoveExpired"(clock bigint) RETURNS void LANGUAGE sql AS $$
    DELETE FROM "ApiKeyAuthBackplaneMembers" WHERE clock - "Seen" >= "Lease" + "Lease" / 2
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneLongestLease"(lease bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(lease, (SELECT max("Lease") FROM "ApiKeyAuthBackplaneMembers"))
$$;

-- Returns the number of a position, or null if the log does not contain it.
CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneFindNumber"(pos text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT "Number" FROM "ApiKeyAuthBackplaneChanges" WHERE "Number" || ':' || "Mark" = pos
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneHeartbeat"(
    node text, lease bigint, pos text, OUT "Position" text, OUT "MemberCount" integer, OUT "Changed" text[])
LANGUAGE plpgsql AS $$
DECLARE
    state "ApiKeyAuthBackplane" := "ApiKeyAuthBackplaneOpen"(lease);
    number bigint := "ApiKeyAuthBackplaneFindNumber"(pos);
    before bigint := coalesce((SELECT "Acknowledged" FROM "ApiKeyAuthBackplaneMembers" WHERE "Id" = node), -1);
BEGIN
    INSERT INTO "ApiKeyAuthBackplaneMembers" VALUES (node, coalesce(number, 0), state."Clock", lease)
    ON CONFLICT ("Id") DO UPDATE SET "Acknowledged" = excluded."Acknowledged", "Seen" = excluded."Seen", "Lease" = excluded."Lease";
    PERFORM "ApiKeyAuthBackplaneRemoveExpired"(state."Clock");
    IF before < number AND number = state."Generation"
        AND NOT EXISTS (SELECT FROM "ApiKeyAuthBackplaneMembers" WHERE "Acknowledged" < number) THEN
        PERFORM pg_notify('ApiKeyAuthBackplane', 'acknowledged');
    END IF;

    "Position" := (SELECT "Number" || ':' || "Mark" FROM "ApiKeyAuthBackplaneChanges" WHERE "Number" = state."Generation");
    "MemberCount" := (SELECT count(*) FROM "ApiKeyAuthBackplaneMembers");
    IF number IS NOT NULL THEN
        "Changed" := ARRAY(SELECT "KeyId" FROM "ApiKeyAuthBackplaneChanges" WHERE "Number" > number ORDER BY "Number");
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplanePublish"(
    node text, lease bigint, key text,
    OUT "Position" text, OUT "IsOnlyMember" boolean, OUT "IsComplete" boolean, OUT "LongestLease" bigint)
LANGUAGE plpgsql AS $$
DECLARE
    state "ApiKeyAuthBackplane" := "ApiKeyAuthBackplaneOpen"(lease);
BEGIN
    UPDATE "ApiKeyAuthBackplane" SET "Generation" = state."Generation" + 1 WHERE "Id" = 1;
    "Position" := "ApiKeyAuthBackplaneAppend"(state."Generation" + 1, key);
    PERFORM "ApiKeyAuthBackplaneRemoveExpired"(state."Clock");
    PERFORM pg_notify('ApiKeyAuthBackplane', 'changed');
    "IsOnlyMember" := NOT EXISTS (SELECT FROM "ApiKeyAuthBackplaneMembers" WHERE "Id" <> node);
    "LongestLease" := "ApiKeyAuthBackplaneLongestLease"(lease);
    "IsComplete" := state."Clock" >= "LongestLease" + "LongestLease" / 2;
END
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneIsAcknowledged"(node text, lease bigint, pos text)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT "ServerStart" = "ApiKeyAuthBackplaneServerStart"() AND "Clock" >= "ApiKeyAuthBackplaneLongestLease"(lease) * 3 / 2
         FROM "ApiKeyAuthBackplane")
        AND NOT EXISTS (
            SELECT FROM "ApiKeyAuthBackplaneMembers" WHERE "Id" <> node AND "Acknowledged" < "ApiKeyAuthBackplaneFindNumber"(pos))
        AND "ApiKeyAuthBackplaneFindNumber"(pos) IS NOT NULL, false)
$$;

CREATE OR REPLACE FUNCTION "ApiKeyAuthBackplaneLeave"(node text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM "ApiKeyAuthBackplaneMembers" WHERE "Id" = node
$$;
