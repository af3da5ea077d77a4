-- What courses say about themselves beyond the card (domain/catalogue/course-record.ts). Nothing queries it, so it is JSON.

-- JSON: CoursePlace, which an administrator may change. NULL: nobody has said anything.
ALTER TABLE courses ADD COLUMN record text;

-- JSON: CourseContents, as the package says. NULL: it says nothing, or was imported before this was read.
ALTER TABLE packages ADD COLUMN record text;
