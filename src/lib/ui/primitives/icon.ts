import type { Component } from 'svelte';

/** One picture of @lucide/svelte, imported by its own path: `import Check from '@lucide/svelte/icons/check'`. */
export type Icon = Component<{ size?: number | string; class?: string }>;

/** Pictures that point get mirrored in right-to-left languages: pass this class. */
export const POINTS = 'points';
