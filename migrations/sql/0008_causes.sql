-- Why a campaign ended early, as a value: what helps then follows from it, never from the sentence.
alter table campaigns add column outcome_cause text;
grant update (outcome_cause) on campaigns to pp_web, pp_system, pp_admin;
grant select (outcome_cause) on campaigns to pp_admin;

-- Campaigns that ended before: this very sentence was how they said it.
update campaigns set outcome_cause = 'out_of_budget' where outcome_reason like 'The budget is used up.%';
