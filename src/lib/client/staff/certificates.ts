/** Certificates that are due, issuing them, and the issued ones. */
import * as v from 'valibot';
import type { Api, ApiResult } from '#lib/client/api.ts';
import {
	dueCertificateSchema,
	issueResponseSchema,
	issuedCertificateSchema,
	type DueCertificate,
	type IssueResponse,
	type IssuedCertificate
} from '#lib/contracts/api.ts';
import { blobOf, enc, map } from './answers.ts';

export class CertificatesApi {
	readonly #api: Api;

	constructor(api: Api) {
		this.#api = api;
	}

	due(): Promise<ApiResult<readonly DueCertificate[]>> {
		return map(
			this.#api.get('/api/certificates/due', v.object({ due: v.array(dueCertificateSchema) })),
			({ due }) => due
		);
	}

	/** Repeating it issues nothing twice. */
	issue(
		items: readonly { readonly learnerId: string; readonly courseId: string }[]
	): Promise<ApiResult<IssueResponse>> {
		return this.#api.post('/api/certificates/issue', { items }, issueResponseSchema, { timeout: 120_000 });
	}

	issued(): Promise<ApiResult<readonly IssuedCertificate[]>> {
		const answer = this.#api.get(
			'/api/certificates/issued',
			v.object({ certificates: v.array(issuedCertificateSchema) })
		);
		return map(answer, ({ certificates }) => certificates);
	}

	/** Needs the profile's header, so it cannot be a plain link. */
	pdf(certificateId: string, language: string): Promise<ApiResult<Blob>> {
		const path = `/api/certificates/${enc(certificateId)}/pdf?${new URLSearchParams({ language })}`;
		return blobOf(this.#api.raw(path, { method: 'GET' }, { timeout: 60_000 }));
	}
}
