-- Roles and the database for Duewatch, on PostgreSQL 15 or newer. Run by a superuser, once, and again after an upgrade that says so:
--   psql --username postgres --dbname postgres --file postgresql-roles.sql
-- Passwords are not in this file. Give each login its own afterwards, in psql: \password duewatch_owner
-- Another name for the database: --set database=NAME
\set ON_ERROR_STOP on
\if :{?database} \else \set database duewatch \endif

-- Changed into for the length of a transaction; nobody logs in as these, and neither owns anything.
SELECT format('CREATE ROLE %I NOLOGIN', name) FROM unnest(ARRAY['duewatch_app', 'duewatch_all']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- duewatch_owner: `manage.py init`, `backup` and `restore`. duewatch_web: the app and every other command.
-- NOINHERIT: a right counts only after SET ROLE, so that a query without a role reads nothing.
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['duewatch_owner', 'duewatch_web']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE duewatch_owner NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;
ALTER ROLE duewatch_web NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;
GRANT duewatch_app, duewatch_all TO duewatch_owner, duewatch_web;
-- The function that tells the audit trail's last number carries a setting of its own (revision 0002).
GRANT SET ON PARAMETER duewatch.trail TO duewatch_owner;

SELECT format('CREATE DATABASE %I OWNER duewatch_owner ENCODING ''UTF8'' TEMPLATE template0', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO duewatch_web;
-- Longer than the largest import takes, shorter than for ever.
ALTER ROLE duewatch_web IN DATABASE :"database" SET statement_timeout = '10min';
ALTER ROLE duewatch_web IN DATABASE :"database" SET idle_in_transaction_session_timeout = '10min';
ALTER ROLE duewatch_web IN DATABASE :"database" SET search_path = public;

\connect :"database"
ALTER SCHEMA public OWNER TO duewatch_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO duewatch_web;
