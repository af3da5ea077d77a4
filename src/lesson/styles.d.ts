/** The style sheet is taken up by the bundler. */
declare module '*.css';
