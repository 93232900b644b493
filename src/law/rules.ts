/** The rules of assessment: id, citation and plain words of each; what they do is in the files that use them. */

interface RuleText {
  readonly citation: string;
  readonly label: string;
}

const texts = {
  'D-01': {
    citation: 'Art. 4(1), 4(12) GDPR',
    label: 'no personal data are involved, so this is not a personal data breach',
  },
  'D-02': {
    citation: 'Art. 4(12) GDPR',
    label: 'security was not breached or nothing was lost, altered or disclosed',
  },
  'D-03': {
    citation: 'Art. 4(12), 33(5) GDPR',
    label: 'this is a personal data breach and is documented',
  },
  'P-01': {
    citation: 'Art. 33(2), 28(3)(f) GDPR; EDPB 9/2022',
    label: 'we are processor: each controller is told and decides about the rest',
  },
  'J-01': {
    citation: 'Art. 26 GDPR; EDPB 9/2022 II.A.3',
    label: 'we are joint controller: the arrangement says who files, each stays responsible',
  },
  'C-01': {
    citation: 'EDPB 01/2021, cases 1 to 3',
    label: 'nothing was disclosed',
  },
  'C-02': {
    citation: 'Art. 34(3)(a), rec. 88 GDPR; EDPB 01/2021, cases 1 and 10',
    label: 'the data are unintelligible: state-of-the-art encryption, key not compromised',
  },
  'C-02b': {
    citation: 'EDPB 01/2021, case 6',
    label: 'the credentials are strongly hashed and salted and do not count',
  },
  'C-M': {
    citation: 'Rec. 75, 76, 85 GDPR; EDPB 9/2022 section IV',
    label: 'who has the data, and what data they are, set the risk',
  },
  'C-SCALE': {
    citation: 'Rec. 75 GDPR; EDPB 01/2021, case 11',
    label: 'a large number of people is affected',
  },
  'C-NRO': {
    citation: 'EDPB 01/2021 para. 19, 21',
    label: 'disclosure is only not ruled out',
  },
  'C-MISUSE': {
    citation: 'Rec. 85 GDPR',
    label: 'misuse of the data has been seen, or is not known to be absent',
  },
  'A-01': {
    citation: 'EDPB 01/2021, case 1; EDPB 9/2022, outage example',
    label: 'the data are available again, without effect on people',
  },
  'A-02': {
    citation: 'EDPB 01/2021, case 2; EDPB 9/2022',
    label: 'people felt a minor effect, or the data came back late or in part',
  },
  'A-03': {
    citation: 'EDPB 01/2021, case 12; EDPB 9/2022 Annex B iv',
    label: 'data are lost for good',
  },
  'A-04': {
    citation: 'EDPB 01/2021, case 3; EDPB 9/2022 Annex B viii',
    label: 'the loss of access weighs heavily on people, or sensitive data are lost for good',
  },
  'I-01': { citation: 'Art. 4(12) GDPR', label: 'no altered data affect people' },
  'I-02': { citation: 'Art. 4(12) GDPR', label: 'altered data have a minor effect on people' },
  'I-03': { citation: 'Art. 4(12) GDPR', label: 'altered data weigh heavily on people' },
  'O-PL-ID': {
    citation: 'UODO practice on national numbers; secondary source, to be verified',
    label: 'the Polish authority takes a disclosed national number as a high risk',
  },
  'N-33-0': {
    citation: 'Art. 33(1), 33(5), 5(2) GDPR',
    label: 'a risk to people is unlikely: documented with reasons, not notified',
  },
  'N-33': {
    citation: 'Art. 33(1), (3), (4) GDPR',
    label: 'a risk to people is not unlikely: the authority is notified',
  },
  'N-34': {
    citation: 'Art. 34(1), (2), rec. 86 GDPR',
    label: 'the risk to people is high: they are told',
  },
  'E-34-3-b': {
    citation: 'Art. 34(3)(b) GDPR',
    label: 'later measures mean that the high risk is no longer likely',
  },
  'E-34-3-c': {
    citation: 'Art. 34(3)(c) GDPR',
    label: 'telling each person would be disproportionate: the public is told instead',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

export type RuleId = keyof typeof texts;

/** Every rule, in the order of the definition, the parts, the thresholds and the exemptions. */
export const ruleIds: readonly RuleId[] = Object.keys(texts).filter(
  (id): id is RuleId => id in texts,
);

/** Named on every result; a new number touches an open case only by a recorded re-assessment. */
export const ruleSetVersion = 'tocsin-2026.11.2';

/** Citation and plain words of a rule. */
export function ruleText(id: RuleId): RuleText {
  return texts[id];
}
