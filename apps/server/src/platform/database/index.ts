/** The database: a pool, transactions as a type, statements as values, and migrations. */
export { type Db, isUniqueViolation, openDatabase, type Queryable, type Tx } from "./database.ts";
export { migrate } from "./migrate.ts";
export { mapPage, type Page, type PageRequest, readPage } from "./page.ts";
export { json, prepared, type Statement, sql } from "./sql.ts";
