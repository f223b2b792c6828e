-- What `init --distribute` finds on a server with Citus: the extension's name, its settings, and the functions that it calls,
-- which refuse what Citus refuses in a table's keys and triggers. The tables stay as they are.
CREATE TABLE public.citus_stand_in ();  -- a database that had this is not lent again
SET allow_system_table_mods = on;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
  VALUES (99999, 'citus', 10, 'pg_catalog'::regnamespace, false, 'stand-in');
CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char", partkey text, colocated text);
GRANT SELECT, INSERT ON pg_catalog.pg_dist_partition TO PUBLIC;

CREATE FUNCTION pg_catalog.create_reference_table(named text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = named::regclass) THEN
    RAISE EXCEPTION 'foreign keys stand between % and tables that are not distributed yet', named;
  END IF;
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = named::regclass AND NOT tgisinternal AND tgenabled <> 'D') THEN
    RAISE EXCEPTION 'triggers of % would fire', named;
  END IF;
  INSERT INTO pg_dist_partition VALUES (named::regclass, 'n');
END $$;

CREATE FUNCTION pg_catalog.create_distributed_table(named text, key text, colocate_with text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad text;
BEGIN
  SELECT string_agg(indexrelid::regclass::text, ', ') INTO bad FROM pg_index
    WHERE indrelid = named::regclass AND (indisunique OR indisexclusion)
      AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = indrelid AND attname = key) = ANY (indkey);
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'cannot create constraint on "%": % must include the distribution column', named, bad;
  END IF;
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = named::regclass AND attidentity <> '') THEN
    RAISE EXCEPTION 'identity column in "%"', named;
  END IF;
  PERFORM create_reference_table(named);
  UPDATE pg_dist_partition SET partmethod = 'h', partkey = key, colocated = colocate_with WHERE logicalrelid = named::regclass;
END $$;
GRANT UPDATE ON pg_catalog.pg_dist_partition TO PUBLIC;
