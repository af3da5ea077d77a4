-- The whole house, first version. One text for SQLite and PostgreSQL (and engines that speak its wire protocol).
-- Rewritten for SQLite by the migrator: bigint|smallint -> INTEGER, double precision -> REAL, CREATE TABLE ... STRICT.
-- Learner-owned tables start their key with `bucket` (domain/ids/bucket.ts). Times are ms since 1970, server clock
-- unless the name says `device_`. `feed` is the bucket's counter at the row's last change (reference tables: bucket -1).
-- Ids that come from devices are written by server/db/stored-text.ts.

CREATE TABLE settings (
	name text NOT NULL PRIMARY KEY,
	value text NOT NULL
);

CREATE TABLE organisations (
	id text NOT NULL PRIMARY KEY,
	name text NOT NULL,
	created_at bigint NOT NULL
);

CREATE TABLE centres (
	id text NOT NULL PRIMARY KEY,
	organisation_id text NOT NULL REFERENCES organisations (id),
	name text NOT NULL,
	country text NOT NULL,
	created_at bigint NOT NULL
);

-- Counters of the change feed. Rows 0 to 255: learners' buckets; -1: reference data.
CREATE TABLE bucket_heads (
	bucket smallint NOT NULL PRIMARY KEY,
	head bigint NOT NULL
);
INSERT INTO bucket_heads (bucket, head)
WITH RECURSIVE numbers (bucket) AS (
	SELECT -1
	UNION ALL
	SELECT bucket + 1 FROM numbers WHERE bucket < 255
)
SELECT bucket, 0 FROM numbers;

CREATE TABLE people (
	bucket smallint NOT NULL,
	id text NOT NULL,
	user_name text NOT NULL,
	display_name text NOT NULL,
	-- Lower case by the application: SQLite folds ASCII only.
	search_name text NOT NULL,
	sex text NOT NULL CHECK (sex IN ('female', 'male', 'other', 'not_stated')),
	age_band text NOT NULL,
	language text NOT NULL,
	organisation_id text NOT NULL REFERENCES organisations (id),
	centre_id text,
	secret_hash text,
	must_change_secret smallint NOT NULL CHECK (must_change_secret IN (0, 1)),
	created_at bigint NOT NULL,
	last_seen_at bigint,
	disabled_at bigint,
	feed bigint NOT NULL,
	-- The counter when what her trainers see of her last changed without the profile: seen again, joined a cohort.
	seen_feed bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (bucket, id)
);
CREATE INDEX people_by_centre ON people (centre_id, search_name);

-- Uniqueness of sign-in names, apart from the sharded table. `name` is NFKC, lower case.
CREATE TABLE sign_in_names (
	name text NOT NULL PRIMARY KEY,
	person_id text NOT NULL
);

CREATE TABLE grants (
	person_id text NOT NULL,
	role text NOT NULL CHECK (role IN ('learner', 'trainer', 'coordinator', 'centre_admin', 'itu_admin')),
	scope_kind text NOT NULL CHECK (scope_kind IN ('everything', 'organisation', 'centre', 'cohort', 'self')),
	-- Empty for 'everything' and 'self'.
	scope_id text NOT NULL,
	granted_at bigint NOT NULL,
	PRIMARY KEY (person_id, role, scope_kind, scope_id)
);
CREATE INDEX grants_by_scope ON grants (scope_kind, scope_id);

-- Only the SHA-256 of a session id is stored.
CREATE TABLE auth_sessions (
	id_hash text NOT NULL PRIMARY KEY,
	person_id text NOT NULL,
	expires_at bigint NOT NULL,
	signed_in_at bigint NOT NULL
);
CREATE INDEX auth_sessions_by_person ON auth_sessions (person_id);

CREATE TABLE devices (
	bucket smallint NOT NULL,
	person_id text NOT NULL,
	id text NOT NULL,
	first_seen_at bigint NOT NULL,
	last_seen_at bigint NOT NULL,
	revoked_at bigint,
	PRIMARY KEY (bucket, person_id, id)
);

CREATE TABLE courses (
	id text NOT NULL PRIMARY KEY,
	organisation_id text NOT NULL REFERENCES organisations (id),
	code text NOT NULL,
	title text NOT NULL,
	description text NOT NULL,
	language text NOT NULL,
	level text,
	hours double precision,
	-- JSON array of sentences.
	objectives text NOT NULL,
	status text NOT NULL CHECK (status IN ('draft', 'published', 'withdrawn')),
	pass_mark double precision,
	rule_version bigint NOT NULL,
	created_at bigint NOT NULL,
	feed bigint NOT NULL
);

CREATE TABLE packages (
	pack_id text NOT NULL PRIMARY KEY,
	sha256 text NOT NULL,
	course_id text NOT NULL REFERENCES courses (id),
	revision bigint NOT NULL,
	scorm_version text NOT NULL,
	-- JSON: domain/course/course-structure.ts
	structure text NOT NULL,
	pack_size bigint NOT NULL,
	installed_size bigint NOT NULL,
	file_count bigint NOT NULL,
	-- JSON array of {code, params}.
	warnings text NOT NULL,
	imported_at bigint NOT NULL,
	imported_by text NOT NULL,
	published_at bigint,
	UNIQUE (course_id, revision)
);

CREATE TABLE cohorts (
	id text NOT NULL PRIMARY KEY,
	centre_id text NOT NULL REFERENCES centres (id),
	name text NOT NULL,
	starts_at bigint,
	ends_at bigint,
	archived_at bigint,
	created_at bigint NOT NULL,
	feed bigint NOT NULL
);
CREATE INDEX cohorts_by_centre ON cohorts (centre_id);

CREATE TABLE cohort_courses (
	cohort_id text NOT NULL REFERENCES cohorts (id),
	course_id text NOT NULL REFERENCES courses (id),
	due_at bigint,
	enrolled_at bigint NOT NULL,
	PRIMARY KEY (cohort_id, course_id)
);

CREATE TABLE cohort_members (
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	cohort_id text NOT NULL,
	joined_at bigint NOT NULL,
	left_at bigint,
	PRIMARY KEY (bucket, learner_id, cohort_id)
);
CREATE INDEX cohort_members_by_cohort ON cohort_members (cohort_id, bucket, learner_id);

CREATE TABLE enrolments (
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	course_id text NOT NULL,
	cohort_id text,
	enrolled_at bigint NOT NULL,
	due_at bigint,
	ended_at bigint,
	feed bigint NOT NULL,
	PRIMARY KEY (bucket, learner_id, course_id)
);

-- The facts. Never updated, never deleted but by erasure of the learner.
CREATE TABLE learning_events (
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	device_id text NOT NULL,
	epoch text NOT NULL,
	seq bigint NOT NULL,
	course_id text NOT NULL,
	pack_id text NOT NULL,
	attempt_id text NOT NULL,
	sco_id text NOT NULL,
	type text NOT NULL,
	device_at bigint NOT NULL,
	-- JSON: the event's body.
	body text NOT NULL,
	-- First 32 hex digits of the SHA-256 of domain/event/canonical-event.ts.
	hash text NOT NULL,
	received_at bigint NOT NULL,
	feed bigint NOT NULL,
	PRIMARY KEY (bucket, learner_id, device_id, epoch, seq)
);
CREATE INDEX learning_events_by_attempt ON learning_events (bucket, learner_id, attempt_id);

CREATE TABLE quarantined_events (
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	device_id text NOT NULL,
	epoch text NOT NULL,
	seq bigint NOT NULL,
	hash text NOT NULL,
	reason text NOT NULL,
	-- JSON of the whole event as it came.
	event text NOT NULL,
	received_at bigint NOT NULL,
	PRIMARY KEY (bucket, learner_id, device_id, epoch, seq, hash)
);

CREATE TABLE frontiers (
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	device_id text NOT NULL,
	epoch text NOT NULL,
	upto bigint NOT NULL,
	-- JSON array of numbers beyond `upto`.
	beyond text NOT NULL,
	PRIMARY KEY (bucket, learner_id, device_id, epoch)
);

-- Projections from here on: `cli rebuild` makes them again from learning_events, equal to the byte.

CREATE TABLE branches (
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	attempt_id text NOT NULL,
	device_id text NOT NULL,
	course_id text NOT NULL,
	-- JSON: domain/attempt/branch.ts without `saved`.
	state text NOT NULL,
	epoch text NOT NULL,
	seq bigint NOT NULL,
	feed bigint NOT NULL,
	-- JSON: `saved`, what the content needs to go on; NULL: nothing saved. Large and seldom read, so apart and last.
	saved text,
	PRIMARY KEY (bucket, learner_id, attempt_id, device_id)
);
CREATE INDEX branches_by_course ON branches (bucket, learner_id, course_id);

CREATE TABLE registrations (
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	course_id text NOT NULL,
	pack_id text,
	state text NOT NULL CHECK (state IN ('not-begun', 'going-on', 'done')),
	success text NOT NULL,
	score double precision,
	progress double precision NOT NULL,
	items_done bigint NOT NULL,
	items_total bigint NOT NULL,
	seconds double precision NOT NULL,
	sessions bigint NOT NULL,
	answers bigint NOT NULL,
	device_started_at bigint,
	device_last_at bigint,
	-- Server time of the push that first made the state "done".
	finished_at bigint,
	changed_at bigint NOT NULL,
	certificate text NOT NULL CHECK (certificate IN ('none', 'due', 'issued')),
	feed bigint NOT NULL,
	PRIMARY KEY (bucket, learner_id, course_id)
);
CREATE INDEX registrations_by_course ON registrations (course_id, bucket, learner_id);
CREATE INDEX registrations_due ON registrations (certificate, course_id) WHERE certificate = 'due';

-- One row a bucket, so that a push touches only its own; a cohort's figures are the sum over the buckets.
CREATE TABLE cohort_rollups (
	bucket smallint NOT NULL,
	cohort_id text NOT NULL,
	course_id text NOT NULL,
	sex text NOT NULL,
	enrolled bigint NOT NULL,
	started bigint NOT NULL,
	completed bigint NOT NULL,
	certified bigint NOT NULL,
	PRIMARY KEY (bucket, cohort_id, course_id, sex)
);
CREATE INDEX cohort_rollups_by_cohort ON cohort_rollups (cohort_id, course_id);

CREATE TABLE certificates (
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	id text NOT NULL,
	course_id text NOT NULL,
	code text NOT NULL,
	-- JSON: what was signed; the printed face and the check page show nothing else.
	payload text NOT NULL,
	-- base64url Ed25519 over the UTF-8 bytes of payload.
	signature text NOT NULL,
	key_id text NOT NULL,
	centre_id text,
	issued_at bigint NOT NULL,
	issued_by text NOT NULL,
	revoked_at bigint,
	feed bigint NOT NULL,
	PRIMARY KEY (bucket, learner_id, id),
	UNIQUE (bucket, learner_id, course_id)
);

CREATE TABLE certificate_codes (
	code text NOT NULL PRIMARY KEY,
	bucket smallint NOT NULL,
	learner_id text NOT NULL,
	certificate_id text NOT NULL
);
CREATE INDEX certificate_codes_by_certificate ON certificate_codes (certificate_id);

-- Requests that must not act twice (learners added, staff made): the answer of the first time, without secrets.
CREATE TABLE handled_requests (
	person_id text NOT NULL,
	request_id text NOT NULL,
	answer text NOT NULL,
	handled_at bigint NOT NULL,
	PRIMARY KEY (person_id, request_id)
);

CREATE TABLE audit_entries (
	id text NOT NULL PRIMARY KEY,
	at bigint NOT NULL,
	person_id text NOT NULL,
	action text NOT NULL,
	-- Ids only, no names.
	subject text NOT NULL
);
