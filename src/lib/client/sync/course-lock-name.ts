/** Held, shared, by every page in which a course is open; the app and its worker wait for it with updates. */
export const COURSE_LOCK = 'waypost-course-open';
