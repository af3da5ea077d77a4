-- What the package doctor found in a revision's pack. A view of the pack: made again when it is missing or an older doctor wrote it.
CREATE TABLE package_reports (
	pack_id text NOT NULL PRIMARY KEY,
	-- domain/doctor/doctor-report.ts: DOCTOR
	doctor bigint NOT NULL,
	offline text NOT NULL,
	blocks bigint NOT NULL,
	mend bigint NOT NULL,
	know bigint NOT NULL,
	-- JSON: contracts/package-report.ts
	report text NOT NULL,
	made_at bigint NOT NULL
);
