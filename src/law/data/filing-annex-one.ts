/** The items of Annex I of Regulation (EU) No 611/2013, which a provider's notice to an authority answers; our summaries, not its text. */

/** Where the items were read: the form of one authority that numbers them; nobody has read the forms of the others. */
export const annexOne = {
  name: 'Annex I of Regulation (EU) No 611/2013',
  source:
    'http://www.adae.gr/en/on-line-services/ypiresies-pros-parochoys/notification-of-personal-data-breaches/',
  readOn: '2026-11-22',
  verification: 'secondary-source',
} as const;

/** One item: the section it stands in, and the answers that fill it. */
interface AnnexItem {
  readonly id: string;
  readonly section: 'annex-section-1' | 'annex-section-2';
  readonly answeredBy: readonly string[];
}

const first = 'annex-section-1';
const second = 'annex-section-2';

/** In the order of the Annex; section 1 may not follow later, section 2 may. */
export const annexOneItems: readonly AnnexItem[] = [
  { id: 'annex-1', section: first, answeredBy: ['2.1-name', '2.1-contact'] },
  { id: 'annex-2', section: first, answeredBy: ['2.3-dpo-name', '2.3-dpo-contact'] },
  { id: 'annex-3', section: first, answeredBy: ['annex-stage', 'annex-earlier'] },
  { id: 'annex-4', section: first, answeredBy: ['annex-incident', 'annex-detection'] },
  { id: 'annex-5', section: first, answeredBy: ['3.2-confidentiality', '3.2-incident'] },
  { id: 'annex-6', section: first, answeredBy: ['annex-data', 'special-categories'] },
  { id: 'annex-7', section: first, answeredBy: ['3.2-unintelligible', '3.5-description'] },
  { id: 'annex-8', section: first, answeredBy: ['annex-providers'] },
  { id: 'annex-9', section: second, answeredBy: ['3.2-description', '3.2-systems'] },
  { id: 'annex-10', section: second, answeredBy: ['annex-subscribers'] },
  { id: 'annex-11', section: second, answeredBy: ['4.1-impact'] },
  { id: 'annex-12', section: second, answeredBy: ['4.3-measures'] },
  { id: 'annex-13', section: second, answeredBy: ['annex-told-content'] },
  { id: 'annex-14', section: second, answeredBy: ['annex-told-means'] },
  { id: 'annex-15', section: second, answeredBy: ['annex-told-count'] },
  { id: 'annex-16', section: second, answeredBy: ['annex-countries'] },
  { id: 'annex-17', section: second, answeredBy: ['annex-authorities'] },
];
