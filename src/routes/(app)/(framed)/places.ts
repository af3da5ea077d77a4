/** Who sees which places. At most five each; `/me` is behind the person's own name where it is not one of them. */
import Award from '@lucide/svelte/icons/award';
import BookOpen from '@lucide/svelte/icons/book-open';
import Building2 from '@lucide/svelte/icons/building';
import CalendarCheck from '@lucide/svelte/icons/calendar-check';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import CircleUser from '@lucide/svelte/icons/circle-user';
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import GraduationCap from '@lucide/svelte/icons/graduation-cap';
import House from '@lucide/svelte/icons/house';
import Landmark from '@lucide/svelte/icons/landmark';
import Settings from '@lucide/svelte/icons/settings';
import Users from '@lucide/svelte/icons/users';
import type { Role } from '#lib/contracts/sync.ts';
import type { Translate } from '#lib/i18n/translator.ts';
import type { Place } from '#lib/ui/primitives/AppFrame.svelte';

export function placesOf(role: Role, t: Translate): readonly Place[] {
	switch (role) {
		case 'learner':
			return [
				{ href: '/learn', label: t('common.place.learn'), icon: House },
				{ href: '/courses', label: t('common.place.courses'), icon: BookOpen },
				{ href: '/certificates', label: t('common.place.certificates'), icon: Award },
				{ href: '/me', label: t('common.place.me'), icon: CircleUser }
			];
		case 'trainer':
		case 'coordinator':
			return [
				{ href: '/today', label: t('common.place.today'), icon: CalendarCheck },
				{ href: '/cohorts', label: t('common.place.cohorts'), icon: Users },
				{ href: '/reports', label: t('common.place.reports'), icon: ChartColumn },
				{ href: '/courses', label: t('common.place.courses'), icon: BookOpen },
				{ href: '/me', label: t('common.place.me'), icon: CircleUser }
			];
		case 'centre_admin':
			return [
				{ href: '/approvals', label: t('common.place.approvals'), icon: ClipboardCheck },
				{ href: '/people', label: t('common.place.people'), icon: Users },
				{ href: '/manage-courses', label: t('common.place.courses'), icon: GraduationCap },
				{ href: '/reports', label: t('common.place.reports'), icon: ChartColumn },
				{ href: '/centre', label: t('common.place.centre'), icon: Landmark }
			];
		case 'itu_admin':
			return [
				{ href: '/overview', label: t('common.place.overview'), icon: House },
				{ href: '/centres', label: t('common.place.centres'), icon: Building2 },
				{ href: '/manage-courses', label: t('common.place.courses'), icon: GraduationCap },
				{ href: '/reports', label: t('common.place.reports'), icon: ChartColumn },
				{ href: '/system', label: t('common.place.system'), icon: Settings }
			];
	}
}
