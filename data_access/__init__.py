"""The only room that speaks SQL: schema, sessions, scope, audit, queries, commands, importers."""
