-- What the migrations come to, for reading and for comparing. Written by `make schema`; nothing runs it.

CREATE TABLE account_links (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    key_hash bytea NOT NULL,
    new_email text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    is_mailed boolean NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    dropped_at timestamp with time zone,
    error text,
    drops_factor boolean DEFAULT false NOT NULL,
    CONSTRAINT account_links_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'reset'::text])))
);
ALTER TABLE ONLY account_links FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY account_links
    ADD CONSTRAINT account_links_key_hash_key UNIQUE (key_hash);
ALTER TABLE ONLY account_links
    ADD CONSTRAINT account_links_pkey PRIMARY KEY (id);
CREATE INDEX account_links_due ON account_links USING btree (due_at) WHERE (is_mailed AND (sent_at IS NULL) AND (dropped_at IS NULL));
CREATE INDEX account_links_expired ON account_links USING btree (expires_at);
CREATE INDEX account_links_user ON account_links USING btree (user_id, created_at);
CREATE TRIGGER no_guests BEFORE INSERT ON account_links FOR EACH ROW EXECUTE FUNCTION needs_an_account();
ALTER TABLE ONLY account_links
    ADD CONSTRAINT account_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE account_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON account_links TO pp_auth USING (true) WITH CHECK (true);
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE account_links TO pp_auth;

CREATE TABLE activities (
    workspace_id uuid NOT NULL,
    id bigint NOT NULL,
    company_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    user_id uuid,
    kind text NOT NULL,
    detail jsonb NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    CONSTRAINT activities_kind_check CHECK ((kind = ANY (ARRAY['note'::text, 'status'::text, 'owner'::text, 'follow_up'::text, 'tags'::text, 'edit'::text])))
);
ALTER TABLE ONLY activities FORCE ROW LEVEL SECURITY;
ALTER TABLE activities ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME activities_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY activities
    ADD CONSTRAINT activities_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX activities_by_kind ON activities USING btree (workspace_id, kind, at DESC);
CREATE INDEX activities_by_person ON activities USING btree (workspace_id, user_id, kind, at DESC);
CREATE INDEX activities_of_company ON activities USING btree (workspace_id, company_id, id);
CREATE TRIGGER note_rewritten BEFORE UPDATE ON activities FOR EACH ROW EXECUTE FUNCTION note_rewritten();
ALTER TABLE ONLY activities
    ADD CONSTRAINT activities_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE activities ENABLE ROW LEVEL SECURITY;
CREATE POLICY adds ON activities FOR INSERT TO pp_web WITH CHECK (((kind = 'note'::text) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (user_id = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY auth_all ON activities TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY member ON activities FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY rewrites ON activities FOR UPDATE TO pp_web USING (((kind = 'note'::text) AND (deleted_at IS NULL) AND (user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)))) WITH CHECK (((kind = 'note'::text) AND (user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE activities TO pp_auth;
GRANT SELECT ON TABLE activities TO pp_web;
GRANT INSERT(workspace_id) ON TABLE activities TO pp_web;
GRANT INSERT(company_id) ON TABLE activities TO pp_web;
GRANT INSERT(user_id) ON TABLE activities TO pp_web;
GRANT INSERT(kind) ON TABLE activities TO pp_web;
GRANT INSERT(detail),UPDATE(detail) ON TABLE activities TO pp_web;
GRANT UPDATE(deleted_at) ON TABLE activities TO pp_web;

CREATE TABLE alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE ONLY alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
GRANT SELECT ON TABLE alembic_version TO pp_web;
GRANT SELECT ON TABLE alembic_version TO pp_worker;
GRANT SELECT ON TABLE alembic_version TO pp_system;
GRANT SELECT ON TABLE alembic_version TO pp_admin;
GRANT SELECT ON TABLE alembic_version TO pp_importer;
GRANT SELECT ON TABLE alembic_version TO pp_operator;

CREATE TABLE alert_mails (
    alert_id bigint NOT NULL,
    user_id uuid NOT NULL,
    due_at timestamp with time zone DEFAULT now(),
    tries integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    error text
);
ALTER TABLE ONLY alert_mails FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY alert_mails
    ADD CONSTRAINT alert_mails_pkey PRIMARY KEY (alert_id, user_id);
CREATE INDEX alert_mails_due ON alert_mails USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX alert_mails_user ON alert_mails USING btree (user_id);
ALTER TABLE ONLY alert_mails
    ADD CONSTRAINT alert_mails_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE;
ALTER TABLE ONLY alert_mails
    ADD CONSTRAINT alert_mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE alert_mails ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON alert_mails TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON alert_mails FOR SELECT TO pp_system USING (true);
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE alert_mails TO pp_auth;
GRANT SELECT(due_at) ON TABLE alert_mails TO pp_system;

CREATE TABLE alerts (
    id bigint NOT NULL,
    rule text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    severity text NOT NULL,
    title text NOT NULL,
    why text NOT NULL,
    advice text NOT NULL,
    raised_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    resolved_at timestamp with time zone,
    noted_at timestamp with time zone,
    noted_by uuid,
    CONSTRAINT alerts_severity_check CHECK ((severity = ANY (ARRAY['problem'::text, 'warning'::text])))
);
ALTER TABLE ONLY alerts FORCE ROW LEVEL SECURITY;
ALTER TABLE alerts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME alerts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (id);
CREATE INDEX alerts_noted_by ON alerts USING btree (noted_by) WHERE (noted_by IS NOT NULL);
CREATE UNIQUE INDEX alerts_open ON alerts USING btree (rule, subject) WHERE (resolved_at IS NULL);
CREATE INDEX alerts_raised ON alerts USING btree (raised_at DESC);
CREATE TRIGGER alert_raised AFTER INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION alert_raised();
CREATE TRIGGER webhook_alert_raised AFTER INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION webhook_alert();
CREATE TRIGGER webhook_alert_resolved AFTER UPDATE OF resolved_at ON alerts FOR EACH ROW WHEN (((old.resolved_at IS NULL) AND (new.resolved_at IS NOT NULL))) EXECUTE FUNCTION webhook_alert();
ALTER TABLE ONLY alerts
    ADD CONSTRAINT alerts_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES users(id) ON DELETE SET NULL;
CREATE POLICY administrator ON alerts FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
ALTER TABLE alerts ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON alerts TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON alerts TO pp_system USING (true) WITH CHECK (true);
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE alerts TO pp_system;
GRANT SELECT ON TABLE alerts TO pp_admin;
GRANT SELECT ON TABLE alerts TO pp_auth;
GRANT UPDATE(noted_at) ON TABLE alerts TO pp_auth;
GRANT UPDATE(noted_by) ON TABLE alerts TO pp_auth;

CREATE UNLOGGED TABLE api_key_use (
    workspace_id uuid NOT NULL,
    key_id uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    requests integer NOT NULL
);
ALTER TABLE ONLY api_key_use FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY api_key_use
    ADD CONSTRAINT api_key_use_pkey PRIMARY KEY (workspace_id, key_id);
ALTER TABLE ONLY api_key_use
    ADD CONSTRAINT api_key_use_workspace_id_key_id_fkey FOREIGN KEY (workspace_id, key_id) REFERENCES api_keys(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE api_key_use ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON api_key_use TO pp_auth USING (true) WITH CHECK (true);
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE api_key_use TO pp_auth;

CREATE TABLE api_keys (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    key_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    scope text DEFAULT 'read'::text NOT NULL,
    expires_at timestamp with time zone DEFAULT now() NOT NULL,
    limit_micros bigint,
    CONSTRAINT api_keys_limit_micros_check CHECK ((limit_micros >= 0)),
    CONSTRAINT api_keys_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'submit'::text, 'admin'::text])))
);
ALTER TABLE ONLY api_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (workspace_id, id);
CREATE UNIQUE INDEX api_keys_hash ON api_keys USING btree (key_hash);
CREATE TRIGGER no_guests BEFORE INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION needs_an_account();
CREATE TRIGGER plan_keys_admit BEFORE INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION plan_keys_admit();
ALTER TABLE ONLY api_keys
    ADD CONSTRAINT api_keys_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON api_keys TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY member ON api_keys FOR SELECT TO pp_web USING (((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)) AND ((user_id = ( SELECT app_user_id() AS app_user_id)) OR (workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)))));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE api_keys TO pp_auth;
GRANT SELECT(workspace_id) ON TABLE api_keys TO pp_web;
GRANT SELECT(id) ON TABLE api_keys TO pp_web;
GRANT SELECT(user_id) ON TABLE api_keys TO pp_web;
GRANT SELECT(name) ON TABLE api_keys TO pp_web;
GRANT SELECT(created_at) ON TABLE api_keys TO pp_web;
GRANT SELECT(last_used_at) ON TABLE api_keys TO pp_web;
GRANT SELECT(revoked_at) ON TABLE api_keys TO pp_web;
GRANT SELECT(scope) ON TABLE api_keys TO pp_web;
GRANT SELECT(expires_at) ON TABLE api_keys TO pp_web;
GRANT SELECT(limit_micros) ON TABLE api_keys TO pp_web;

CREATE TABLE api_replies (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    idem_key text NOT NULL,
    asked bytea NOT NULL,
    begun_at timestamp with time zone DEFAULT now() NOT NULL,
    tried_at timestamp with time zone DEFAULT now() NOT NULL,
    status integer,
    body text,
    CONSTRAINT api_replies_idem_key_check CHECK (((length(idem_key) >= 1) AND (length(idem_key) <= 200))),
    CONSTRAINT api_replies_status_check CHECK (((status >= 200) AND (status <= 299)))
);
ALTER TABLE ONLY api_replies FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY api_replies
    ADD CONSTRAINT api_replies_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY api_replies
    ADD CONSTRAINT api_replies_workspace_id_user_id_idem_key_key UNIQUE (workspace_id, user_id, idem_key);
CREATE INDEX api_replies_age ON api_replies USING btree (begun_at);
ALTER TABLE ONLY api_replies
    ADD CONSTRAINT api_replies_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
ALTER TABLE api_replies ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON api_replies TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY own ON api_replies TO pp_web USING (((user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)))) WITH CHECK (((user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
GRANT SELECT,INSERT,DELETE ON TABLE api_replies TO pp_web;
GRANT SELECT,DELETE ON TABLE api_replies TO pp_auth;
GRANT UPDATE(tried_at) ON TABLE api_replies TO pp_web;
GRANT UPDATE(status) ON TABLE api_replies TO pp_web;
GRANT UPDATE(body) ON TABLE api_replies TO pp_web;

CREATE TABLE assigned_places (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    part text NOT NULL,
    place text NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT assigned_places_part_check CHECK ((part = ANY (ARRAY['postcode'::text, 'city'::text, 'country'::text]))),
    CONSTRAINT assigned_places_place_check CHECK (((length(place) >= 1) AND (length(place) <= 100)))
);
ALTER TABLE ONLY assigned_places FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY assigned_places
    ADD CONSTRAINT assigned_places_pkey PRIMARY KEY (workspace_id, id);
CREATE UNIQUE INDEX assigned_places_once ON assigned_places USING btree (workspace_id, part, lower(place));
CREATE INDEX assigned_places_user ON assigned_places USING btree (workspace_id, user_id);
CREATE TRIGGER assignment_noted AFTER INSERT OR DELETE ON assigned_places FOR EACH ROW EXECUTE FUNCTION assignment_noted();
ALTER TABLE ONLY assigned_places
    ADD CONSTRAINT assigned_places_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY assigned_places
    ADD CONSTRAINT assigned_places_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE POLICY adds ON assigned_places FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
ALTER TABLE assigned_places ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON assigned_places TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY removes ON assigned_places FOR DELETE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
CREATE POLICY sees ON assigned_places FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,UPDATE ON TABLE assigned_places TO pp_auth;
GRANT SELECT,INSERT,DELETE ON TABLE assigned_places TO pp_web;

CREATE TABLE assigned_turns (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    turn bigint DEFAULT 0 NOT NULL,
    CONSTRAINT assigned_turns_turn_check CHECK ((turn >= 0))
);
ALTER TABLE ONLY assigned_turns FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY assigned_turns
    ADD CONSTRAINT assigned_turns_pkey PRIMARY KEY (workspace_id, user_id);
CREATE TRIGGER assignment_noted AFTER INSERT OR DELETE ON assigned_turns FOR EACH ROW EXECUTE FUNCTION assignment_noted();
ALTER TABLE ONLY assigned_turns
    ADD CONSTRAINT assigned_turns_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY assigned_turns
    ADD CONSTRAINT assigned_turns_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE POLICY adds ON assigned_turns FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
ALTER TABLE assigned_turns ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON assigned_turns TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY removes ON assigned_turns FOR DELETE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
CREATE POLICY sees ON assigned_turns FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,UPDATE ON TABLE assigned_turns TO pp_auth;
GRANT SELECT,DELETE ON TABLE assigned_turns TO pp_web;
GRANT INSERT(workspace_id) ON TABLE assigned_turns TO pp_web;
GRANT INSERT(user_id) ON TABLE assigned_turns TO pp_web;

CREATE TABLE audit_log (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id uuid NOT NULL,
    action text NOT NULL,
    workspace_id uuid,
    target_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE ONLY audit_log FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);
CREATE INDEX audit_log_actor ON audit_log USING btree (actor_id, id);
CREATE INDEX audit_log_at ON audit_log USING btree (at);
CREATE POLICY administrator ON audit_log TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin)) WITH CHECK (((actor_id = ( SELECT app_user_id() AS app_user_id)) AND ( SELECT app_is_admin() AS app_is_admin)));
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_notes ON audit_log TO pp_auth USING (true) WITH CHECK (true);
GRANT SELECT,INSERT ON TABLE audit_log TO pp_admin;
GRANT SELECT,INSERT,DELETE ON TABLE audit_log TO pp_auth;
GRANT UPDATE(detail) ON TABLE audit_log TO pp_auth;

CREATE TABLE billing_accounts (
    workspace_id uuid NOT NULL,
    customer_id text NOT NULL,
    subscription_id text,
    item_id text,
    plan text DEFAULT 'free'::text NOT NULL,
    status text DEFAULT 'none'::text NOT NULL,
    renews_at timestamp with time zone,
    ends_at timestamp with time zone,
    grace_until timestamp with time zone,
    running integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    asked_at timestamp with time zone,
    turn bigint DEFAULT 0 NOT NULL,
    CONSTRAINT billing_accounts_customer_id_check CHECK (((length(customer_id) >= 1) AND (length(customer_id) <= 255))),
    CONSTRAINT billing_accounts_item_id_check CHECK ((length(item_id) <= 255)),
    CONSTRAINT billing_accounts_plan_check CHECK (((length(plan) >= 1) AND (length(plan) <= 40))),
    CONSTRAINT billing_accounts_running_check CHECK ((running >= 0)),
    CONSTRAINT billing_accounts_status_check CHECK ((status = ANY (ARRAY['none'::text, 'active'::text, 'past_due'::text, 'ended'::text, 'gone'::text]))),
    CONSTRAINT billing_accounts_subscription_id_check CHECK ((length(subscription_id) <= 255))
);
ALTER TABLE ONLY billing_accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY billing_accounts
    ADD CONSTRAINT billing_accounts_customer_id_key UNIQUE (customer_id);
ALTER TABLE ONLY billing_accounts
    ADD CONSTRAINT billing_accounts_pkey PRIMARY KEY (workspace_id);
CREATE INDEX billing_accounts_due ON billing_accounts USING btree (due_at);
CREATE TRIGGER billing_part AFTER DELETE ON billing_accounts FOR EACH ROW EXECUTE FUNCTION billing_part();
CREATE TRIGGER billing_payment_failed AFTER UPDATE OF status ON billing_accounts FOR EACH ROW WHEN (((new.status = 'past_due'::text) AND (old.status <> 'past_due'::text))) EXECUTE FUNCTION billing_payment_failed();
ALTER TABLE ONLY billing_accounts
    ADD CONSTRAINT billing_accounts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY administrator ON billing_accounts FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON billing_accounts TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE billing_accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON billing_accounts FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT ON TABLE billing_accounts TO pp_web;
GRANT SELECT ON TABLE billing_accounts TO pp_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE billing_accounts TO pp_auth;

CREATE TABLE billing_events (
    id text NOT NULL,
    kind text NOT NULL,
    customer_id text,
    made_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT billing_events_customer_id_check CHECK ((length(customer_id) <= 255)),
    CONSTRAINT billing_events_id_check CHECK (((length(id) >= 1) AND (length(id) <= 255))),
    CONSTRAINT billing_events_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 100)))
);
ALTER TABLE ONLY billing_events FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY billing_events
    ADD CONSTRAINT billing_events_pkey PRIMARY KEY (id);
CREATE INDEX billing_events_received ON billing_events USING btree (received_at);
CREATE POLICY auth_all ON billing_events TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE billing_events ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE billing_events TO pp_auth;

CREATE TABLE billing_mails (
    workspace_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone DEFAULT now(),
    tries integer DEFAULT 0 NOT NULL,
    error text,
    CONSTRAINT billing_mails_kind_check CHECK ((kind = ANY (ARRAY['payment_failed'::text, 'wallet_low'::text])))
);
ALTER TABLE ONLY billing_mails FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY billing_mails
    ADD CONSTRAINT billing_mails_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX billing_mails_due ON billing_mails USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX billing_mails_of ON billing_mails USING btree (workspace_id, user_id);
ALTER TABLE ONLY billing_mails
    ADD CONSTRAINT billing_mails_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE POLICY auth_all ON billing_mails TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE billing_mails ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE billing_mails TO pp_auth;

CREATE TABLE billing_partings (
    customer_id text NOT NULL,
    parted_at timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone DEFAULT now()
);
ALTER TABLE ONLY billing_partings FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY billing_partings
    ADD CONSTRAINT billing_partings_pkey PRIMARY KEY (customer_id);
CREATE POLICY auth_all ON billing_partings TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE billing_partings ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE billing_partings TO pp_auth;

CREATE TABLE budget_raises (
    workspace_id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    idem_key text NOT NULL,
    amount_micros bigint NOT NULL,
    user_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT budget_raises_amount_micros_check CHECK ((amount_micros > 0)),
    CONSTRAINT budget_raises_idem_key_check CHECK (((length(idem_key) >= 1) AND (length(idem_key) <= 200)))
);
ALTER TABLE ONLY budget_raises FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY budget_raises
    ADD CONSTRAINT budget_raises_pkey PRIMARY KEY (workspace_id, campaign_id, idem_key);
ALTER TABLE ONLY budget_raises
    ADD CONSTRAINT budget_raises_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE budget_raises ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON budget_raises FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY raises ON budget_raises TO pp_auth USING (true) WITH CHECK (true);
GRANT SELECT ON TABLE budget_raises TO pp_web;
GRANT SELECT,INSERT ON TABLE budget_raises TO pp_auth;

CREATE TABLE bulk_caps (
    workspace_id uuid NOT NULL,
    bulk_id uuid NOT NULL,
    cap_micros bigint NOT NULL,
    used_micros bigint DEFAULT 0 NOT NULL,
    raised_by text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT bulk_caps_cap_micros_check CHECK (((cap_micros >= 0) AND (cap_micros <= '10000000000000'::bigint))),
    CONSTRAINT bulk_caps_check CHECK (((used_micros >= 0) AND (used_micros <= cap_micros)))
)
WITH (fillfactor='50');
ALTER TABLE ONLY bulk_caps FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY bulk_caps
    ADD CONSTRAINT bulk_caps_pkey PRIMARY KEY (workspace_id, bulk_id);
CREATE TRIGGER bulk_admits AFTER INSERT ON bulk_caps FOR EACH ROW WHEN ((new.cap_micros > 0)) EXECUTE FUNCTION bulk_admit();
CREATE TRIGGER wallet_admits_bulk AFTER INSERT ON bulk_caps FOR EACH ROW WHEN ((new.cap_micros > 0)) EXECUTE FUNCTION wallet_admit_bulk();
ALTER TABLE ONLY bulk_caps
    ADD CONSTRAINT bulk_caps_workspace_id_bulk_id_fkey FOREIGN KEY (workspace_id, bulk_id) REFERENCES bulk_orders(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON bulk_caps FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY auth_all ON bulk_caps TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE bulk_caps ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON bulk_caps FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bulk_caps TO pp_auth;
GRANT SELECT ON TABLE bulk_caps TO pp_web;
GRANT INSERT(workspace_id) ON TABLE bulk_caps TO pp_web;
GRANT INSERT(bulk_id) ON TABLE bulk_caps TO pp_web;
GRANT INSERT(cap_micros) ON TABLE bulk_caps TO pp_web;

CREATE TABLE bulk_orders (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    created_by uuid NOT NULL,
    idem_key text NOT NULL,
    fingerprint bytea NOT NULL,
    title text NOT NULL,
    cost_low_micros bigint,
    cost_high_micros bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    turn_at timestamp with time zone,
    paused_at timestamp with time zone,
    stopped_at timestamp with time zone,
    ended_at timestamp with time zone,
    deleted_at timestamp with time zone,
    CONSTRAINT bulk_orders_check CHECK ((cost_high_micros >= cost_low_micros)),
    CONSTRAINT bulk_orders_cost_low_micros_check CHECK ((cost_low_micros >= 0)),
    CONSTRAINT bulk_orders_idem_key_check CHECK (((length(idem_key) >= 1) AND (length(idem_key) <= 200))),
    CONSTRAINT bulk_orders_title_check CHECK (((length(title) >= 1) AND (length(title) <= 300)))
);
ALTER TABLE ONLY bulk_orders FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY bulk_orders
    ADD CONSTRAINT bulk_orders_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY bulk_orders
    ADD CONSTRAINT bulk_orders_workspace_id_idem_key_key UNIQUE (workspace_id, idem_key);
CREATE INDEX bulk_orders_newest ON bulk_orders USING btree (workspace_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX bulk_orders_open ON bulk_orders USING btree (created_at) WHERE (ended_at IS NULL);
CREATE TRIGGER bulk_notes AFTER INSERT OR UPDATE OF paused_at, stopped_at, deleted_at ON bulk_orders FOR EACH ROW EXECUTE FUNCTION bulk_note();
ALTER TABLE ONLY bulk_orders
    ADD CONSTRAINT bulk_orders_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY adds ON bulk_orders FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (created_by = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY auth_all ON bulk_orders TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE bulk_orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY changes ON bulk_orders FOR UPDATE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))) WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY everywhere ON bulk_orders TO pp_system USING (true) WITH CHECK (true);
CREATE POLICY member ON bulk_orders FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT ON TABLE bulk_orders TO pp_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE bulk_orders TO pp_auth;
GRANT SELECT(workspace_id) ON TABLE bulk_orders TO pp_system;
GRANT SELECT(id) ON TABLE bulk_orders TO pp_system;
GRANT SELECT(created_at) ON TABLE bulk_orders TO pp_system;
GRANT SELECT(turn_at),UPDATE(turn_at) ON TABLE bulk_orders TO pp_system;
GRANT UPDATE(paused_at) ON TABLE bulk_orders TO pp_web;
GRANT SELECT(paused_at) ON TABLE bulk_orders TO pp_system;
GRANT UPDATE(stopped_at) ON TABLE bulk_orders TO pp_web;
GRANT SELECT(ended_at),UPDATE(ended_at) ON TABLE bulk_orders TO pp_system;

CREATE TABLE businesses (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    match_key text NOT NULL,
    rank integer NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    address text,
    city text,
    postcode text,
    country text,
    lat double precision,
    lon double precision,
    phone text,
    website text,
    domain text,
    email text,
    opening_hours text,
    brand text,
    origins jsonb NOT NULL,
    provenance jsonb NOT NULL,
    empty_reasons jsonb NOT NULL,
    confidence integer NOT NULL,
    score_breakdown jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    reach integer,
    reach_breakdown jsonb DEFAULT '[]'::jsonb NOT NULL,
    chain text,
    retain_until date,
    CONSTRAINT businesses_confidence_check CHECK (((confidence >= 0) AND (confidence <= 100))),
    CONSTRAINT businesses_reach_check CHECK (((reach >= 0) AND (reach <= 100)))
);
ALTER TABLE ONLY businesses FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY businesses
    ADD CONSTRAINT businesses_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY businesses
    ADD CONSTRAINT businesses_workspace_id_campaign_id_match_key_key UNIQUE (workspace_id, campaign_id, match_key);
CREATE INDEX businesses_rank ON businesses USING btree (workspace_id, campaign_id, rank);
CREATE INDEX businesses_retention ON businesses USING btree (retain_until) WHERE (retain_until IS NOT NULL);
ALTER TABLE ONLY businesses
    ADD CONSTRAINT businesses_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE businesses ENABLE ROW LEVEL SECURITY;
CREATE POLICY held ON businesses TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY member ON businesses FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY removes ON businesses FOR DELETE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY retention ON businesses TO pp_auth USING (true) WITH CHECK (true);
GRANT SELECT,DELETE ON TABLE businesses TO pp_web;
GRANT SELECT,INSERT ON TABLE businesses TO pp_worker;
GRANT SELECT,DELETE,UPDATE ON TABLE businesses TO pp_auth;
GRANT INSERT(retain_until) ON TABLE businesses TO pp_worker;

CREATE TABLE call_sums (
    workspace_id uuid NOT NULL,
    day date NOT NULL,
    campaign_id uuid NOT NULL,
    provider text NOT NULL,
    calls bigint NOT NULL,
    asked bigint NOT NULL,
    hits bigint NOT NULL,
    cost_micros bigint NOT NULL,
    saved_micros bigint NOT NULL,
    missed_micros bigint NOT NULL,
    uncertain_micros bigint NOT NULL
)
WITH (fillfactor='50');
ALTER TABLE ONLY call_sums FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY call_sums
    ADD CONSTRAINT call_sums_pkey PRIMARY KEY (workspace_id, day, campaign_id, provider);
CREATE INDEX call_sums_campaign ON call_sums USING btree (workspace_id, campaign_id);
CREATE INDEX call_sums_day ON call_sums USING btree (day, provider);
ALTER TABLE ONLY call_sums
    ADD CONSTRAINT call_sums_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY administrator ON call_sums FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON call_sums TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE call_sums ENABLE ROW LEVEL SECURITY;
CREATE POLICY everywhere ON call_sums FOR SELECT TO pp_system USING (true);
CREATE POLICY member ON call_sums FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE call_sums TO pp_auth;
GRANT SELECT ON TABLE call_sums TO pp_web;
GRANT SELECT ON TABLE call_sums TO pp_admin;
GRANT SELECT(workspace_id) ON TABLE call_sums TO pp_system;
GRANT SELECT(campaign_id) ON TABLE call_sums TO pp_system;
GRANT SELECT(cost_micros) ON TABLE call_sums TO pp_system;
GRANT SELECT(uncertain_micros) ON TABLE call_sums TO pp_system;

CREATE TABLE campaigns (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    created_by uuid NOT NULL,
    idem_key text NOT NULL,
    title text NOT NULL,
    spec jsonb NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    outcome_reason text,
    notice text,
    budget_micros bigint NOT NULL,
    spent_micros bigint DEFAULT 0 NOT NULL,
    reserved_micros bigint DEFAULT 0 NOT NULL,
    businesses_found integer DEFAULT 0 NOT NULL,
    qualified_leads integer DEFAULT 0 NOT NULL,
    leads_enriched integer DEFAULT 0 NOT NULL,
    emails_found integer DEFAULT 0 NOT NULL,
    lead_count integer DEFAULT 0 NOT NULL,
    avg_confidence numeric(5,2),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    deleted_at timestamp with time zone,
    uncertain_micros bigint DEFAULT 0 NOT NULL,
    saved_micros bigint DEFAULT 0 NOT NULL,
    emails_verified integer DEFAULT 0 NOT NULL,
    simulated boolean DEFAULT false NOT NULL,
    suspicion text,
    outcome_cause text,
    avg_reach numeric(5,2),
    left_out jsonb DEFAULT '[]'::jsonb NOT NULL,
    in_book integer,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    order_key uuid GENERATED ALWAYS AS (campaign_order(spec)) STORED NOT NULL,
    customers integer,
    search_key uuid GENERATED ALWAYS AS (campaign_search(spec)) STORED NOT NULL,
    ended_micros bigint GENERATED ALWAYS AS (
CASE
    WHEN (ended_at IS NOT NULL) THEN spent_micros
    ELSE NULL::bigint
END) STORED,
    forgotten_at timestamp with time zone,
    key_id uuid,
    bulk_id uuid,
    CONSTRAINT budget_is_bounded CHECK ((budget_micros <= '10000000000'::bigint)),
    CONSTRAINT campaigns_budget_micros_check CHECK ((budget_micros >= 0)),
    CONSTRAINT campaigns_check CHECK (((spent_micros + reserved_micros) <= budget_micros)),
    CONSTRAINT campaigns_check1 CHECK (((ended_at IS NOT NULL) = (status = ANY (ARRAY['completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])))),
    CONSTRAINT campaigns_customers_check CHECK ((customers >= 0)),
    CONSTRAINT campaigns_idem_key_check CHECK (((length(idem_key) >= 1) AND (length(idem_key) <= 200))),
    CONSTRAINT campaigns_in_book_check CHECK ((in_book >= 0)),
    CONSTRAINT campaigns_reserved_micros_check CHECK ((reserved_micros >= 0)),
    CONSTRAINT campaigns_saved_micros_check CHECK ((saved_micros >= 0)),
    CONSTRAINT campaigns_spent_micros_check CHECK ((spent_micros >= 0)),
    CONSTRAINT campaigns_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT campaigns_tags_check CHECK (((cardinality(tags) <= 20) AND (array_position(tags, NULL::text) IS NULL))),
    CONSTRAINT campaigns_uncertain_micros_check CHECK ((uncertain_micros >= 0)),
    CONSTRAINT uncertain_is_part_of_spent CHECK ((uncertain_micros <= spent_micros))
);
ALTER TABLE ONLY campaigns FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY campaigns
    ADD CONSTRAINT campaigns_workspace_id_idem_key_key UNIQUE (workspace_id, idem_key);
CREATE INDEX campaigns_by_cause ON campaigns USING btree (outcome_cause, ended_at DESC) WHERE (outcome_cause IS NOT NULL);
CREATE INDEX campaigns_by_owner ON campaigns USING btree (created_by, id) WHERE (deleted_at IS NULL);
CREATE INDEX campaigns_by_title ON campaigns USING btree (title, id) WHERE (deleted_at IS NULL);
CREATE INDEX campaigns_dearest ON campaigns USING btree (workspace_id, ended_micros DESC, id DESC) WHERE (ended_at IS NOT NULL);
CREATE INDEX campaigns_dearest_of_all ON campaigns USING btree (ended_micros DESC, id DESC) WHERE (ended_at IS NOT NULL);
CREATE INDEX campaigns_ended ON campaigns USING btree (workspace_id, ended_at DESC, id DESC) WHERE ((deleted_at IS NULL) AND (ended_at IS NOT NULL));
CREATE INDEX campaigns_ended_lately ON campaigns USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX campaigns_ended_of_all ON campaigns USING btree (ended_at DESC, id DESC) WHERE (ended_at IS NOT NULL);
CREATE INDEX campaigns_newest ON campaigns USING btree (workspace_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX campaigns_of_bulk ON campaigns USING btree (workspace_id, bulk_id, id) WHERE (bulk_id IS NOT NULL);
CREATE INDEX campaigns_of_key ON campaigns USING btree (workspace_id, key_id) WHERE (key_id IS NOT NULL);
CREATE INDEX campaigns_open ON campaigns USING btree (workspace_id) WHERE (ended_at IS NULL);
CREATE INDEX campaigns_order ON campaigns USING btree (workspace_id, order_key, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX campaigns_ordered ON campaigns USING btree (workspace_id, created_at);
CREATE INDEX campaigns_own_list ON campaigns USING btree (workspace_id, ((spec ->> 'own_list'::text))) WHERE ((spec ->> 'own_list'::text) IS NOT NULL);
CREATE INDEX campaigns_search ON campaigns USING btree (workspace_id, search_key, created_at) WHERE (deleted_at IS NULL);
CREATE INDEX campaigns_short ON campaigns USING btree (workspace_id, ended_at DESC) WHERE ((deleted_at IS NULL) AND (status = 'partial'::text) AND (outcome_cause = 'out_of_budget'::text));
CREATE INDEX campaigns_to_forget ON campaigns USING btree (ended_at) WHERE ((deleted_at IS NULL) AND ((forgotten_at IS NULL) OR (forgotten_at < ended_at)));
CREATE INDEX campaigns_usable ON campaigns USING btree (workspace_id, emails_verified DESC) WHERE ((deleted_at IS NULL) AND (status = 'completed'::text) AND (emails_verified > 0));
CREATE TRIGGER attempts_forget AFTER UPDATE OF deleted_at ON campaigns FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL))) EXECUTE FUNCTION attempts_forget();
CREATE TRIGGER bulk_forgets AFTER UPDATE OF spec ON campaigns FOR EACH ROW WHEN (((new.bulk_id IS NOT NULL) AND (new.deleted_at IS NULL) AND ((new.spec - 'budget_usd'::text) <> (old.spec - 'budget_usd'::text)))) EXECUTE FUNCTION bulk_forgets();
CREATE TRIGGER bulk_goes_on AFTER UPDATE ON campaigns FOR EACH ROW WHEN (((new.bulk_id IS NOT NULL) AND (old.ended_at IS NOT NULL) AND (new.ended_at IS NULL))) EXECUTE FUNCTION bulk_goes_on();
CREATE TRIGGER campaign_loses_replies AFTER UPDATE ON campaigns FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL))) EXECUTE FUNCTION campaign_loses_replies();
CREATE TRIGGER campaign_loses_tags BEFORE UPDATE ON campaigns FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL))) EXECUTE FUNCTION campaign_loses_tags();
CREATE TRIGGER guests_order_little BEFORE INSERT OR UPDATE OF budget_micros ON campaigns FOR EACH ROW EXECUTE FUNCTION guest_admits();
CREATE TRIGGER key_admits_again AFTER UPDATE OF budget_micros, ended_at ON campaigns FOR EACH ROW WHEN (((new.ended_at IS NULL) AND (new.budget_micros > new.spent_micros) AND ((old.ended_at IS NOT NULL) OR (new.budget_micros > old.budget_micros)))) EXECUTE FUNCTION key_admits();
CREATE TRIGGER key_admits_new AFTER INSERT ON campaigns FOR EACH ROW WHEN (((new.ended_at IS NULL) AND (new.budget_micros > new.spent_micros))) EXECUTE FUNCTION key_admits();
CREATE TRIGGER key_orders BEFORE INSERT ON campaigns FOR EACH ROW EXECUTE FUNCTION key_orders();
CREATE TRIGGER plan_leads_again AFTER UPDATE ON campaigns FOR EACH ROW WHEN (((old.ended_at IS NOT NULL) AND (new.ended_at IS NULL))) EXECUTE FUNCTION plan_leads_grant();
CREATE TRIGGER plan_leads_end AFTER UPDATE ON campaigns FOR EACH ROW WHEN (((old.ended_at IS NULL) AND (new.ended_at IS NOT NULL))) EXECUTE FUNCTION plan_leads_count();
CREATE TRIGGER plan_leads_new AFTER INSERT ON campaigns FOR EACH ROW WHEN ((new.ended_at IS NULL)) EXECUTE FUNCTION plan_leads_grant();
CREATE TRIGGER spend_admits_again AFTER UPDATE ON campaigns FOR EACH ROW WHEN (((new.ended_at IS NULL) AND (new.budget_micros > new.spent_micros) AND ((old.ended_at IS NOT NULL) OR (new.budget_micros > old.budget_micros)))) EXECUTE FUNCTION spend_admit();
CREATE TRIGGER spend_admits_new AFTER INSERT ON campaigns FOR EACH ROW WHEN (((new.ended_at IS NULL) AND (new.budget_micros > new.spent_micros))) EXECUTE FUNCTION spend_admit();
CREATE TRIGGER spend_sums_change AFTER UPDATE ON campaigns FOR EACH ROW WHEN ((((old.ended_at IS NULL) <> (new.ended_at IS NULL)) OR ((new.ended_at IS NOT NULL) AND ((old.created_by <> new.created_by) OR (old.spent_micros <> new.spent_micros) OR (old.emails_verified <> new.emails_verified))))) EXECUTE FUNCTION spend_sums_keep();
CREATE TRIGGER spend_sums_gone BEFORE DELETE ON campaigns FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION spend_sums_keep();
CREATE TRIGGER spend_sums_new AFTER INSERT ON campaigns FOR EACH ROW WHEN ((new.ended_at IS NOT NULL)) EXECUTE FUNCTION spend_sums_keep();
CREATE TRIGGER wallet_admits_again AFTER UPDATE ON campaigns FOR EACH ROW WHEN (((new.ended_at IS NULL) AND (new.budget_micros > new.spent_micros) AND ((old.ended_at IS NOT NULL) OR (new.budget_micros > old.budget_micros)))) EXECUTE FUNCTION wallet_admit();
CREATE TRIGGER wallet_admits_new AFTER INSERT ON campaigns FOR EACH ROW WHEN (((new.ended_at IS NULL) AND (new.budget_micros > new.spent_micros))) EXECUTE FUNCTION wallet_admit();
CREATE TRIGGER webhook_campaign_ended AFTER UPDATE ON campaigns FOR EACH ROW WHEN (((old.ended_at IS NULL) AND (new.ended_at IS NOT NULL))) EXECUTE FUNCTION webhook_campaign_ended();
ALTER TABLE ONLY campaigns
    ADD CONSTRAINT campaigns_workspace_id_bulk_id_fkey FOREIGN KEY (workspace_id, bulk_id) REFERENCES bulk_orders(workspace_id, id);
ALTER TABLE ONLY campaigns
    ADD CONSTRAINT campaigns_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY adds ON campaigns FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (created_by = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY administrator ON campaigns TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
ALTER TABLE campaigns ENABLE ROW LEVEL SECURITY;
CREATE POLICY changes ON campaigns FOR UPDATE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))) WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY everywhere ON campaigns TO pp_system USING (true);
CREATE POLICY held ON campaigns TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY ledger ON campaigns TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY member ON campaigns FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT ON TABLE campaigns TO pp_web;
GRANT SELECT,UPDATE ON TABLE campaigns TO pp_worker;
GRANT SELECT ON TABLE campaigns TO pp_auth;
GRANT SELECT(workspace_id) ON TABLE campaigns TO pp_system;
GRANT SELECT(workspace_id) ON TABLE campaigns TO pp_admin;
GRANT INSERT(workspace_id) ON TABLE campaigns TO pp_auth;
GRANT SELECT(id) ON TABLE campaigns TO pp_system;
GRANT SELECT(id) ON TABLE campaigns TO pp_admin;
GRANT INSERT(id) ON TABLE campaigns TO pp_auth;
GRANT SELECT(created_by) ON TABLE campaigns TO pp_admin;
GRANT INSERT(created_by) ON TABLE campaigns TO pp_auth;
GRANT INSERT(idem_key) ON TABLE campaigns TO pp_auth;
GRANT SELECT(title) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(title) ON TABLE campaigns TO pp_web;
GRANT INSERT(title),UPDATE(title) ON TABLE campaigns TO pp_auth;
GRANT INSERT(spec),UPDATE(spec) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(status) ON TABLE campaigns TO pp_web;
GRANT SELECT(status),UPDATE(status) ON TABLE campaigns TO pp_system;
GRANT SELECT(status),UPDATE(status) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(outcome_reason) ON TABLE campaigns TO pp_web;
GRANT UPDATE(outcome_reason) ON TABLE campaigns TO pp_system;
GRANT UPDATE(outcome_reason) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(outcome_reason) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(notice) ON TABLE campaigns TO pp_web;
GRANT UPDATE(notice) ON TABLE campaigns TO pp_system;
GRANT UPDATE(notice) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(notice) ON TABLE campaigns TO pp_auth;
GRANT SELECT(budget_micros) ON TABLE campaigns TO pp_system;
GRANT INSERT(budget_micros),UPDATE(budget_micros) ON TABLE campaigns TO pp_auth;
GRANT SELECT(spent_micros) ON TABLE campaigns TO pp_admin;
GRANT SELECT(spent_micros) ON TABLE campaigns TO pp_system;
GRANT UPDATE(spent_micros) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(reserved_micros) ON TABLE campaigns TO pp_web;
GRANT SELECT(reserved_micros),UPDATE(reserved_micros) ON TABLE campaigns TO pp_system;
GRANT UPDATE(reserved_micros) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(reserved_micros) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(businesses_found) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(leads_enriched) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(emails_found) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(lead_count) ON TABLE campaigns TO pp_auth;
GRANT SELECT(lead_count) ON TABLE campaigns TO pp_system;
GRANT SELECT(created_at) ON TABLE campaigns TO pp_admin;
GRANT SELECT(started_at) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(ended_at) ON TABLE campaigns TO pp_web;
GRANT SELECT(ended_at),UPDATE(ended_at) ON TABLE campaigns TO pp_system;
GRANT SELECT(ended_at),UPDATE(ended_at) ON TABLE campaigns TO pp_admin;
GRANT SELECT(ended_at) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(deleted_at) ON TABLE campaigns TO pp_web;
GRANT SELECT(deleted_at) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(deleted_at) ON TABLE campaigns TO pp_auth;
GRANT SELECT(uncertain_micros) ON TABLE campaigns TO pp_system;
GRANT UPDATE(uncertain_micros) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(emails_verified) ON TABLE campaigns TO pp_auth;
GRANT SELECT(emails_verified) ON TABLE campaigns TO pp_admin;
GRANT SELECT(emails_verified) ON TABLE campaigns TO pp_system;
GRANT SELECT(simulated) ON TABLE campaigns TO pp_system;
GRANT UPDATE(simulated) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(suspicion) ON TABLE campaigns TO pp_web;
GRANT SELECT(suspicion),UPDATE(suspicion) ON TABLE campaigns TO pp_system;
GRANT SELECT(suspicion),UPDATE(suspicion) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(suspicion) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(outcome_cause) ON TABLE campaigns TO pp_web;
GRANT UPDATE(outcome_cause) ON TABLE campaigns TO pp_system;
GRANT SELECT(outcome_cause),UPDATE(outcome_cause) ON TABLE campaigns TO pp_admin;
GRANT UPDATE(left_out) ON TABLE campaigns TO pp_auth;
GRANT UPDATE(tags) ON TABLE campaigns TO pp_web;
GRANT UPDATE(tags) ON TABLE campaigns TO pp_auth;
GRANT SELECT(ended_micros) ON TABLE campaigns TO pp_web;
GRANT SELECT(ended_micros) ON TABLE campaigns TO pp_admin;
GRANT SELECT(forgotten_at),UPDATE(forgotten_at) ON TABLE campaigns TO pp_auth;
GRANT SELECT(bulk_id) ON TABLE campaigns TO pp_system;
GRANT SELECT(bulk_id) ON TABLE campaigns TO pp_admin;

CREATE TABLE client_link_companies (
    workspace_id uuid NOT NULL,
    link_id uuid NOT NULL,
    company_id uuid NOT NULL
);
ALTER TABLE ONLY client_link_companies FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY client_link_companies
    ADD CONSTRAINT client_link_companies_pkey PRIMARY KEY (workspace_id, link_id, company_id);
CREATE INDEX client_link_companies_company ON client_link_companies USING btree (workspace_id, company_id);
ALTER TABLE ONLY client_link_companies
    ADD CONSTRAINT client_link_companies_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY client_link_companies
    ADD CONSTRAINT client_link_companies_workspace_id_link_id_fkey FOREIGN KEY (workspace_id, link_id) REFERENCES client_links(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON client_link_companies FOR INSERT TO pp_web WITH CHECK ((EXISTS ( SELECT
   FROM client_links l
  WHERE ((l.workspace_id = client_link_companies.workspace_id) AND (l.id = client_link_companies.link_id) AND (l.made_by = ( SELECT app_user_id() AS app_user_id))))));
CREATE POLICY auth_all ON client_link_companies TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE client_link_companies ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE client_link_companies TO pp_auth;
GRANT INSERT ON TABLE client_link_companies TO pp_web;

CREATE TABLE client_link_visits (
    workspace_id uuid NOT NULL,
    link_id uuid NOT NULL,
    key_hash bytea NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT client_link_visits_key_hash_check CHECK ((length(key_hash) = 32))
);
ALTER TABLE ONLY client_link_visits FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY client_link_visits
    ADD CONSTRAINT client_link_visits_pkey PRIMARY KEY (workspace_id, link_id, key_hash);
ALTER TABLE ONLY client_link_visits
    ADD CONSTRAINT client_link_visits_workspace_id_link_id_fkey FOREIGN KEY (workspace_id, link_id) REFERENCES client_links(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY auth_all ON client_link_visits TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE client_link_visits ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE client_link_visits TO pp_auth;

CREATE TABLE client_links (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    made_by uuid NOT NULL,
    name text NOT NULL,
    shows text NOT NULL,
    campaign_id uuid,
    token_hash bytea NOT NULL,
    password_hash text,
    shows_contacts boolean NOT NULL,
    allows_download boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    views integer DEFAULT 0 NOT NULL,
    viewed_at timestamp with time zone,
    wrong integer DEFAULT 0 NOT NULL,
    wrong_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    files integer DEFAULT 0 NOT NULL,
    files_since timestamp with time zone,
    has_password boolean GENERATED ALWAYS AS ((password_hash IS NOT NULL)) STORED,
    schedule_id uuid,
    CONSTRAINT client_links_check CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '2160:00:00'::interval)))),
    CONSTRAINT client_links_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT client_links_password_hash_check CHECK ((password_hash ~ '^\$argon2id\$'::text)),
    CONSTRAINT client_links_shows_check CHECK (((length(shows) >= 1) AND (length(shows) <= 300))),
    CONSTRAINT client_links_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE ONLY client_links FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY client_links
    ADD CONSTRAINT client_links_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY client_links
    ADD CONSTRAINT client_links_token_hash_key UNIQUE (token_hash);
CREATE INDEX client_links_campaign ON client_links USING btree (workspace_id, campaign_id) WHERE (campaign_id IS NOT NULL);
CREATE INDEX client_links_made_by ON client_links USING btree (workspace_id, made_by);
CREATE INDEX client_links_schedule ON client_links USING btree (workspace_id, schedule_id) WHERE (schedule_id IS NOT NULL);
CREATE TRIGGER client_link_admits BEFORE INSERT ON client_links FOR EACH ROW EXECUTE FUNCTION client_link_admits();
CREATE TRIGGER client_link_noted AFTER INSERT ON client_links FOR EACH ROW EXECUTE FUNCTION client_link_noted();
ALTER TABLE ONLY client_links
    ADD CONSTRAINT client_links_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY client_links
    ADD CONSTRAINT client_links_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY client_links
    ADD CONSTRAINT client_links_workspace_id_made_by_fkey FOREIGN KEY (workspace_id, made_by) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY client_links
    ADD CONSTRAINT client_links_workspace_id_schedule_id_fkey FOREIGN KEY (workspace_id, schedule_id) REFERENCES schedules(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON client_links FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (made_by = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY auth_all ON client_links TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE client_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON client_links FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE client_links TO pp_auth;
GRANT SELECT(workspace_id),INSERT(workspace_id) ON TABLE client_links TO pp_web;
GRANT SELECT(id),INSERT(id) ON TABLE client_links TO pp_web;
GRANT SELECT(made_by),INSERT(made_by) ON TABLE client_links TO pp_web;
GRANT SELECT(name),INSERT(name) ON TABLE client_links TO pp_web;
GRANT SELECT(shows),INSERT(shows) ON TABLE client_links TO pp_web;
GRANT SELECT(campaign_id),INSERT(campaign_id) ON TABLE client_links TO pp_web;
GRANT INSERT(token_hash) ON TABLE client_links TO pp_web;
GRANT INSERT(password_hash) ON TABLE client_links TO pp_web;
GRANT SELECT(shows_contacts),INSERT(shows_contacts) ON TABLE client_links TO pp_web;
GRANT SELECT(allows_download),INSERT(allows_download) ON TABLE client_links TO pp_web;
GRANT SELECT(created_at) ON TABLE client_links TO pp_web;
GRANT SELECT(expires_at),INSERT(expires_at) ON TABLE client_links TO pp_web;
GRANT SELECT(revoked_at) ON TABLE client_links TO pp_web;
GRANT SELECT(views) ON TABLE client_links TO pp_web;
GRANT SELECT(viewed_at) ON TABLE client_links TO pp_web;
GRANT SELECT(has_password) ON TABLE client_links TO pp_web;
GRANT SELECT(schedule_id),INSERT(schedule_id) ON TABLE client_links TO pp_web;

CREATE TABLE companies (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    status text DEFAULT 'new'::text NOT NULL,
    owner_id uuid,
    follow_up_on date,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    is_customer boolean DEFAULT false NOT NULL,
    exported_at timestamp with time zone,
    CONSTRAINT companies_status_check CHECK ((status = ANY (ARRAY['new'::text, 'contacted'::text, 'interested'::text, 'won'::text, 'lost'::text]))),
    CONSTRAINT companies_tags_check CHECK (((cardinality(tags) <= 20) AND (array_position(tags, NULL::text) IS NULL)))
);
ALTER TABLE ONLY companies FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY companies
    ADD CONSTRAINT companies_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX companies_exported_at ON companies USING btree (workspace_id, exported_at) INCLUDE (id) WHERE (exported_at IS NOT NULL);
CREATE INDEX companies_not_exported ON companies USING btree (workspace_id, id) WHERE (exported_at IS NULL);
CREATE INDEX companies_of_owner ON companies USING btree (workspace_id, owner_id) WHERE (owner_id IS NOT NULL);
CREATE TRIGGER book_notes AFTER UPDATE ON companies FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) OR (old.owner_id IS DISTINCT FROM new.owner_id) OR (old.follow_up_on IS DISTINCT FROM new.follow_up_on) OR (old.tags IS DISTINCT FROM new.tags))) EXECUTE FUNCTION book_notes();
CREATE TRIGGER customers_show AFTER UPDATE OF is_customer ON companies FOR EACH ROW WHEN ((old.is_customer <> new.is_customer)) EXECUTE FUNCTION customers_show();
ALTER TABLE ONLY companies
    ADD CONSTRAINT companies_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY companies
    ADD CONSTRAINT companies_workspace_id_owner_id_fkey FOREIGN KEY (workspace_id, owner_id) REFERENCES memberships(workspace_id, user_id) ON DELETE SET NULL (owner_id);
CREATE POLICY auth_all ON companies TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE companies ENABLE ROW LEVEL SECURITY;
CREATE POLICY held ON companies TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY member ON companies FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY works ON companies FOR UPDATE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))) WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE companies TO pp_auth;
GRANT SELECT ON TABLE companies TO pp_web;
GRANT SELECT,INSERT ON TABLE companies TO pp_worker;
GRANT UPDATE(status) ON TABLE companies TO pp_web;
GRANT UPDATE(owner_id) ON TABLE companies TO pp_web;
GRANT UPDATE(follow_up_on) ON TABLE companies TO pp_web;
GRANT UPDATE(tags) ON TABLE companies TO pp_web;
GRANT UPDATE(last_seen_at) ON TABLE companies TO pp_worker;
GRANT UPDATE(exported_at) ON TABLE companies TO pp_web;

CREATE TABLE company_edits (
    workspace_id uuid NOT NULL,
    company_id uuid NOT NULL,
    field text NOT NULL,
    typed jsonb NOT NULL,
    user_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT company_edits_check CHECK (((typed ? field) AND ((typed - ARRAY['name'::text, 'category'::text, 'address'::text, 'street'::text, 'postcode'::text, 'city'::text, 'phone'::text, 'phone_is_mobile'::text, 'email'::text, 'is_role_address'::text, 'website'::text, 'domain'::text, 'opening_hours'::text, 'open_week'::text, 'time_zone'::text]) = '{}'::jsonb))),
    CONSTRAINT company_edits_check1 CHECK (((field <> ALL (ARRAY['name'::text, 'category'::text])) OR ((typed ->> field) IS NOT NULL))),
    CONSTRAINT company_edits_field_check CHECK ((field = ANY (ARRAY['name'::text, 'category'::text, 'address'::text, 'phone'::text, 'email'::text, 'website'::text, 'opening_hours'::text])))
);
ALTER TABLE ONLY company_edits FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY company_edits
    ADD CONSTRAINT company_edits_pkey PRIMARY KEY (workspace_id, company_id, field);
CREATE TRIGGER book_edited AFTER INSERT OR DELETE OR UPDATE ON company_edits FOR EACH ROW EXECUTE FUNCTION book_edited();
ALTER TABLE ONLY company_edits
    ADD CONSTRAINT company_edits_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON company_edits FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (user_id = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY auth_all ON company_edits TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY changes ON company_edits FOR UPDATE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))) WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (user_id = ( SELECT app_user_id() AS app_user_id))));
ALTER TABLE company_edits ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON company_edits FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY takes_back ON company_edits FOR DELETE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE company_edits TO pp_auth;
GRANT SELECT,INSERT,DELETE ON TABLE company_edits TO pp_web;
GRANT UPDATE(typed) ON TABLE company_edits TO pp_web;
GRANT UPDATE(user_id) ON TABLE company_edits TO pp_web;
GRANT UPDATE(at) ON TABLE company_edits TO pp_web;

CREATE TABLE company_keys (
    workspace_id uuid NOT NULL,
    key_hash bytea NOT NULL,
    company_id uuid NOT NULL
);
ALTER TABLE ONLY company_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY company_keys
    ADD CONSTRAINT company_keys_pkey PRIMARY KEY (workspace_id, key_hash);
CREATE INDEX company_keys_company ON company_keys USING btree (workspace_id, company_id);
ALTER TABLE ONLY company_keys
    ADD CONSTRAINT company_keys_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY auth_all ON company_keys TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE company_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY held ON company_keys TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY member ON company_keys FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE company_keys TO pp_auth;
GRANT SELECT,INSERT ON TABLE company_keys TO pp_worker;
GRANT SELECT ON TABLE company_keys TO pp_web;

CREATE TABLE crm_connections (
    workspace_id uuid NOT NULL,
    crm text NOT NULL,
    token text NOT NULL,
    mapping jsonb NOT NULL,
    min_confidence integer DEFAULT 0 NOT NULL,
    min_reach integer DEFAULT 0 NOT NULL,
    with_contacts boolean DEFAULT true NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    check_due_at timestamp with time zone DEFAULT now(),
    checked_at timestamp with time zone,
    problem text,
    properties text[],
    customers_due_at timestamp with time zone,
    customers_by uuid,
    customers_at timestamp with time zone,
    customers_count integer,
    customers_problem text,
    customers_list uuid,
    customers_next uuid,
    CONSTRAINT crm_connections_crm_check CHECK ((crm ~ '^[a-z]{2,20}$'::text)),
    CONSTRAINT crm_connections_mapping_check CHECK ((jsonb_typeof(mapping) = 'object'::text)),
    CONSTRAINT crm_connections_min_confidence_check CHECK (((min_confidence >= 0) AND (min_confidence <= 100))),
    CONSTRAINT crm_connections_min_reach_check CHECK (((min_reach >= 0) AND (min_reach <= 100)))
);
ALTER TABLE ONLY crm_connections FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY crm_connections
    ADD CONSTRAINT crm_connections_pkey PRIMARY KEY (workspace_id, crm);
CREATE INDEX crm_connections_due ON crm_connections USING btree (LEAST(check_due_at, customers_due_at));
CREATE TRIGGER crm_noted AFTER INSERT OR DELETE OR UPDATE ON crm_connections FOR EACH ROW EXECUTE FUNCTION crm_noted();
ALTER TABLE ONLY crm_connections
    ADD CONSTRAINT crm_connections_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON crm_connections TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY changes ON crm_connections FOR UPDATE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as))) WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
CREATE POLICY connects ON crm_connections FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
ALTER TABLE crm_connections ENABLE ROW LEVEL SECURITY;
CREATE POLICY disconnects ON crm_connections FOR DELETE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
CREATE POLICY sees ON crm_connections FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE crm_connections TO pp_auth;
GRANT DELETE ON TABLE crm_connections TO pp_web;
GRANT SELECT(workspace_id),INSERT(workspace_id) ON TABLE crm_connections TO pp_web;
GRANT SELECT(crm),INSERT(crm) ON TABLE crm_connections TO pp_web;
GRANT INSERT(token),UPDATE(token) ON TABLE crm_connections TO pp_web;
GRANT SELECT(mapping),INSERT(mapping),UPDATE(mapping) ON TABLE crm_connections TO pp_web;
GRANT SELECT(min_confidence),UPDATE(min_confidence) ON TABLE crm_connections TO pp_web;
GRANT SELECT(min_reach),UPDATE(min_reach) ON TABLE crm_connections TO pp_web;
GRANT SELECT(with_contacts),UPDATE(with_contacts) ON TABLE crm_connections TO pp_web;
GRANT SELECT(created_by),INSERT(created_by) ON TABLE crm_connections TO pp_web;
GRANT SELECT(created_at) ON TABLE crm_connections TO pp_web;
GRANT SELECT(check_due_at),UPDATE(check_due_at) ON TABLE crm_connections TO pp_web;
GRANT SELECT(checked_at) ON TABLE crm_connections TO pp_web;
GRANT SELECT(problem) ON TABLE crm_connections TO pp_web;
GRANT SELECT(properties) ON TABLE crm_connections TO pp_web;
GRANT SELECT(customers_due_at),UPDATE(customers_due_at) ON TABLE crm_connections TO pp_web;
GRANT UPDATE(customers_by) ON TABLE crm_connections TO pp_web;
GRANT SELECT(customers_at) ON TABLE crm_connections TO pp_web;
GRANT SELECT(customers_count) ON TABLE crm_connections TO pp_web;
GRANT SELECT(customers_problem) ON TABLE crm_connections TO pp_web;
GRANT SELECT(customers_list) ON TABLE crm_connections TO pp_web;

CREATE TABLE crm_items (
    workspace_id uuid NOT NULL,
    run_id uuid NOT NULL,
    company_id uuid NOT NULL,
    state text DEFAULT 'waits'::text NOT NULL,
    action text,
    fields text[] DEFAULT '{}'::text[] NOT NULL,
    why text,
    their_id text,
    marks text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT crm_items_action_check CHECK ((action = ANY (ARRAY['create'::text, 'update'::text, 'same'::text]))),
    CONSTRAINT crm_items_state_check CHECK ((state = ANY (ARRAY['waits'::text, 'planned'::text, 'done'::text, 'skipped'::text, 'failed'::text])))
);
ALTER TABLE ONLY crm_items FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY crm_items
    ADD CONSTRAINT crm_items_pkey PRIMARY KEY (workspace_id, run_id, company_id);
CREATE INDEX crm_items_of ON crm_items USING btree (workspace_id, company_id);
ALTER TABLE ONLY crm_items
    ADD CONSTRAINT crm_items_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY crm_items
    ADD CONSTRAINT crm_items_workspace_id_run_id_fkey FOREIGN KEY (workspace_id, run_id) REFERENCES crm_runs(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY auth_all ON crm_items TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY chooses ON crm_items FOR INSERT TO pp_web WITH CHECK (((state = 'waits'::text) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
ALTER TABLE crm_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON crm_items FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE crm_items TO pp_auth;
GRANT SELECT ON TABLE crm_items TO pp_web;
GRANT INSERT(workspace_id) ON TABLE crm_items TO pp_web;
GRANT INSERT(run_id) ON TABLE crm_items TO pp_web;
GRANT INSERT(company_id) ON TABLE crm_items TO pp_web;

CREATE TABLE crm_runs (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    crm text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'looking'::text NOT NULL,
    pushes boolean DEFAULT false NOT NULL,
    due_at timestamp with time zone DEFAULT now(),
    tries integer DEFAULT 0 NOT NULL,
    problem text,
    ended_at timestamp with time zone,
    held_until timestamp with time zone,
    CONSTRAINT crm_runs_state_check CHECK ((state = ANY (ARRAY['looking'::text, 'looked'::text, 'pushing'::text, 'done'::text, 'stopped'::text])))
);
ALTER TABLE ONLY crm_runs FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY crm_runs
    ADD CONSTRAINT crm_runs_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX crm_runs_due ON crm_runs USING btree (due_at) WHERE (state = ANY (ARRAY['looking'::text, 'pushing'::text]));
CREATE INDEX crm_runs_newest ON crm_runs USING btree (workspace_id, crm, created_at DESC);
CREATE UNIQUE INDEX crm_runs_one ON crm_runs USING btree (workspace_id, crm) WHERE (state = ANY (ARRAY['looking'::text, 'pushing'::text]));
ALTER TABLE ONLY crm_runs
    ADD CONSTRAINT crm_runs_workspace_id_crm_fkey FOREIGN KEY (workspace_id, crm) REFERENCES crm_connections(workspace_id, crm) ON DELETE CASCADE;
CREATE POLICY auth_all ON crm_runs TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY chooses ON crm_runs FOR INSERT TO pp_web WITH CHECK (((state = 'looking'::text) AND (NOT pushes) AND (created_by = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
ALTER TABLE crm_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY lets_go ON crm_runs FOR DELETE TO pp_web USING (((state = ANY (ARRAY['looked'::text, 'done'::text, 'stopped'::text])) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
CREATE POLICY sees ON crm_runs FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE crm_runs TO pp_auth;
GRANT SELECT,DELETE ON TABLE crm_runs TO pp_web;
GRANT INSERT(workspace_id) ON TABLE crm_runs TO pp_web;
GRANT INSERT(id) ON TABLE crm_runs TO pp_web;
GRANT INSERT(crm) ON TABLE crm_runs TO pp_web;
GRANT INSERT(created_by) ON TABLE crm_runs TO pp_web;

CREATE TABLE crm_states (
    workspace_id uuid NOT NULL,
    crm text NOT NULL,
    company_id uuid NOT NULL,
    their_id text,
    contact_id text,
    sent jsonb DEFAULT '{}'::jsonb NOT NULL,
    seen text,
    marks text[] DEFAULT '{}'::text[] NOT NULL,
    pushed_at timestamp with time zone,
    problem text,
    failed_at timestamp with time zone
);
ALTER TABLE ONLY crm_states FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY crm_states
    ADD CONSTRAINT crm_states_pkey PRIMARY KEY (workspace_id, crm, company_id);
CREATE INDEX crm_states_of ON crm_states USING btree (workspace_id, company_id);
CREATE UNIQUE INDEX crm_states_one ON crm_states USING btree (workspace_id, crm, their_id) WHERE (their_id IS NOT NULL);
ALTER TABLE ONLY crm_states
    ADD CONSTRAINT crm_states_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY crm_states
    ADD CONSTRAINT crm_states_workspace_id_crm_fkey FOREIGN KEY (workspace_id, crm) REFERENCES crm_connections(workspace_id, crm) ON DELETE CASCADE;
CREATE POLICY auth_all ON crm_states TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE crm_states ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON crm_states FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE crm_states TO pp_auth;
GRANT SELECT ON TABLE crm_states TO pp_web;

CREATE TABLE default_views (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    list text NOT NULL,
    view_id uuid NOT NULL,
    CONSTRAINT default_views_list_check CHECK ((list = ANY (ARRAY['book'::text, 'campaign'::text])))
);
ALTER TABLE ONLY default_views FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY default_views
    ADD CONSTRAINT default_views_pkey PRIMARY KEY (workspace_id, user_id, list);
CREATE INDEX default_views_view ON default_views USING btree (workspace_id, view_id);
ALTER TABLE ONLY default_views
    ADD CONSTRAINT default_views_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY default_views
    ADD CONSTRAINT default_views_workspace_id_view_id_fkey FOREIGN KEY (workspace_id, view_id) REFERENCES saved_views(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE default_views ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON default_views TO pp_web USING (((user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces() AS app_workspaces)))) WITH CHECK (((user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces() AS app_workspaces))));
GRANT SELECT,INSERT,DELETE ON TABLE default_views TO pp_web;
GRANT UPDATE(view_id) ON TABLE default_views TO pp_web;

CREATE TABLE discovery_jobs (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    progress integer DEFAULT 0 NOT NULL,
    current_stage text DEFAULT 'initializing'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    lease_token bigint DEFAULT 0 NOT NULL,
    lease_owner text,
    lease_until timestamp with time zone,
    discovered_at timestamp with time zone,
    cancel_requested_at timestamp with time zone,
    metrics jsonb DEFAULT '{}'::jsonb NOT NULL,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    wake_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    waiting_for text,
    wake_first_at timestamp with time zone DEFAULT now() NOT NULL,
    lease_hash bytea,
    CONSTRAINT discovery_jobs_progress_check CHECK (((progress >= 0) AND (progress <= 100))),
    CONSTRAINT discovery_jobs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])))
);
ALTER TABLE ONLY discovery_jobs FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY discovery_jobs
    ADD CONSTRAINT discovery_jobs_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY discovery_jobs
    ADD CONSTRAINT discovery_jobs_workspace_id_campaign_id_key UNIQUE (workspace_id, campaign_id);
CREATE INDEX discovery_jobs_by_state ON discovery_jobs USING btree (status DESC, created_at DESC, id DESC);
CREATE INDEX discovery_jobs_error ON discovery_jobs USING btree (error) WHERE (error IS NOT NULL);
CREATE INDEX discovery_jobs_id ON discovery_jobs USING btree (id);
CREATE INDEX discovery_jobs_longest ON discovery_jobs USING btree (((ended_at - started_at)) DESC, id DESC) WHERE ((ended_at IS NOT NULL) AND (started_at IS NOT NULL));
CREATE INDEX discovery_jobs_newest ON discovery_jobs USING btree (created_at DESC);
CREATE INDEX discovery_jobs_newest_id ON discovery_jobs USING btree (created_at DESC, id DESC);
CREATE INDEX discovery_jobs_of_worker ON discovery_jobs USING btree (lease_owner, started_at DESC) WHERE (lease_owner IS NOT NULL);
CREATE INDEX discovery_jobs_open ON discovery_jobs USING btree (created_at) WHERE (status = ANY (ARRAY['pending'::text, 'processing'::text]));
CREATE TRIGGER attempt_keep AFTER UPDATE OF lease_token, status ON discovery_jobs FOR EACH ROW WHEN (((old.lease_token <> new.lease_token) OR (old.status <> new.status))) EXECUTE FUNCTION attempt_keep();
ALTER TABLE ONLY discovery_jobs
    ADD CONSTRAINT discovery_jobs_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON discovery_jobs FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY administrator ON discovery_jobs TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY changes ON discovery_jobs FOR UPDATE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))) WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
ALTER TABLE discovery_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY everywhere ON discovery_jobs TO pp_system USING (true);
CREATE POLICY held ON discovery_jobs TO pp_worker USING ((id = ( SELECT app_job_id() AS app_job_id)));
CREATE POLICY lease ON discovery_jobs FOR UPDATE TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY line ON discovery_jobs FOR SELECT TO pp_auth USING (true);
CREATE POLICY member ON discovery_jobs FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY schedules ON discovery_jobs FOR INSERT TO pp_auth WITH CHECK (true);
GRANT SELECT,INSERT ON TABLE discovery_jobs TO pp_web;
GRANT SELECT ON TABLE discovery_jobs TO pp_worker;
GRANT SELECT ON TABLE discovery_jobs TO pp_system;
GRANT SELECT ON TABLE discovery_jobs TO pp_admin;
GRANT SELECT ON TABLE discovery_jobs TO pp_auth;
GRANT SELECT(workspace_id),INSERT(workspace_id) ON TABLE discovery_jobs TO pp_auth;
GRANT SELECT(id),INSERT(id) ON TABLE discovery_jobs TO pp_auth;
GRANT SELECT(campaign_id),INSERT(campaign_id) ON TABLE discovery_jobs TO pp_auth;
GRANT SELECT(status),UPDATE(status) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(status) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(status) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(status) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(status) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(progress) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(progress) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(progress) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(progress) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(current_stage) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(current_stage) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(current_stage) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(current_stage) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(attempt) ON TABLE discovery_jobs TO pp_web;
GRANT SELECT(attempt) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(attempt) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(attempt) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(attempt) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(failures) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(failures) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(failures) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(failures) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(lease_token) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(lease_token) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(lease_token) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(lease_token) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(lease_token) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(lease_owner) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(lease_owner) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(lease_owner) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(lease_owner) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(lease_until) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(lease_until) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(lease_until) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(lease_until) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(lease_until) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(discovered_at) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(discovered_at) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(discovered_at) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(cancel_requested_at) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(cancel_requested_at) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(cancel_requested_at) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(cancel_requested_at) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(metrics) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(metrics) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(metrics) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(metrics) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(error) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(error) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(error) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(error) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(error) ON TABLE discovery_jobs TO pp_auth;
GRANT SELECT(created_at) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(wake_at) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(wake_at) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(wake_at) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(wake_at) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(started_at) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(started_at) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(started_at) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(started_at) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(started_at) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(updated_at) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(updated_at) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(updated_at) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(updated_at) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(updated_at) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(ended_at) ON TABLE discovery_jobs TO pp_web;
GRANT SELECT(ended_at) ON TABLE discovery_jobs TO pp_auth;
GRANT UPDATE(ended_at) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(ended_at) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(ended_at) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(waiting_for) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(waiting_for) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(waiting_for) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(waiting_for) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(wake_first_at) ON TABLE discovery_jobs TO pp_web;
GRANT UPDATE(wake_first_at) ON TABLE discovery_jobs TO pp_worker;
GRANT UPDATE(wake_first_at) ON TABLE discovery_jobs TO pp_system;
GRANT UPDATE(wake_first_at) ON TABLE discovery_jobs TO pp_admin;
GRANT UPDATE(lease_hash) ON TABLE discovery_jobs TO pp_auth;

CREATE TABLE duties (
    name text NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    asked_at timestamp with time zone,
    held_until timestamp with time zone,
    worker text,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    took_ms bigint,
    said text DEFAULT ''::text NOT NULL,
    error text,
    failures integer DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY duties FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY duties
    ADD CONSTRAINT duties_pkey PRIMARY KEY (name);
CREATE POLICY administrator ON duties FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON duties TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE duties ENABLE ROW LEVEL SECURITY;
CREATE POLICY everywhere ON duties TO pp_system USING (true) WITH CHECK (true);
GRANT SELECT,INSERT,UPDATE ON TABLE duties TO pp_system;
GRANT SELECT ON TABLE duties TO pp_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE duties TO pp_auth;

CREATE TABLE endings (
    kind text NOT NULL,
    number integer DEFAULT 1 NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT endings_kind_check CHECK ((kind = ANY (ARRAY['certificate'::text, 'api_keys'::text])))
);
ALTER TABLE ONLY endings FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY endings
    ADD CONSTRAINT endings_pkey PRIMARY KEY (kind);
CREATE POLICY administrator ON endings FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
ALTER TABLE endings ENABLE ROW LEVEL SECURITY;
CREATE POLICY everywhere ON endings TO pp_system USING (true) WITH CHECK (true);
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE endings TO pp_system;
GRANT SELECT ON TABLE endings TO pp_admin;

CREATE TABLE export_files (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    format text NOT NULL,
    asked jsonb NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    passed integer DEFAULT 0 NOT NULL,
    expected integer,
    row_count integer,
    left_out integer,
    bytes bigint,
    sha256 bytea,
    name text,
    said text DEFAULT ''::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    lease_hash bytea,
    lease_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ends_at timestamp with time zone,
    is_scheduled boolean DEFAULT false NOT NULL,
    CONSTRAINT export_files_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'making'::text, 'ready'::text, 'failed'::text])))
);
ALTER TABLE ONLY export_files FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY export_files
    ADD CONSTRAINT export_files_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX export_files_due ON export_files USING btree (created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'making'::text]));
CREATE UNIQUE INDEX export_files_one ON export_files USING btree (workspace_id, user_id) WHERE ((state = ANY (ARRAY['waiting'::text, 'making'::text])) AND (NOT is_scheduled));
CREATE TRIGGER schedule_run_follows AFTER DELETE OR UPDATE OF state ON export_files FOR EACH ROW WHEN (old.is_scheduled) EXECUTE FUNCTION schedule_run_follows();
ALTER TABLE ONLY export_files
    ADD CONSTRAINT export_files_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY again ON export_files FOR UPDATE TO pp_web USING (((state = 'failed'::text) AND (user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)))) WITH CHECK (((state = 'waiting'::text) AND (attempts = 0)));
CREATE POLICY asks ON export_files FOR INSERT TO pp_web WITH CHECK (((state = 'waiting'::text) AND (attempts = 0) AND (user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
CREATE POLICY auth_all ON export_files TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE export_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY lets_go ON export_files FOR DELETE TO pp_web USING (((user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
CREATE POLICY own ON export_files FOR SELECT TO pp_web USING (((user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE export_files TO pp_auth;
GRANT DELETE ON TABLE export_files TO pp_web;
GRANT SELECT(workspace_id),INSERT(workspace_id) ON TABLE export_files TO pp_web;
GRANT SELECT(id),INSERT(id) ON TABLE export_files TO pp_web;
GRANT SELECT(user_id),INSERT(user_id) ON TABLE export_files TO pp_web;
GRANT SELECT(format),INSERT(format) ON TABLE export_files TO pp_web;
GRANT SELECT(asked),INSERT(asked) ON TABLE export_files TO pp_web;
GRANT SELECT(state),UPDATE(state) ON TABLE export_files TO pp_web;
GRANT SELECT(passed),UPDATE(passed) ON TABLE export_files TO pp_web;
GRANT SELECT(expected) ON TABLE export_files TO pp_web;
GRANT SELECT(row_count) ON TABLE export_files TO pp_web;
GRANT SELECT(left_out) ON TABLE export_files TO pp_web;
GRANT SELECT(bytes) ON TABLE export_files TO pp_web;
GRANT SELECT(sha256) ON TABLE export_files TO pp_web;
GRANT SELECT(name) ON TABLE export_files TO pp_web;
GRANT SELECT(said),UPDATE(said) ON TABLE export_files TO pp_web;
GRANT UPDATE(attempts) ON TABLE export_files TO pp_web;
GRANT SELECT(created_at),UPDATE(created_at) ON TABLE export_files TO pp_web;
GRANT SELECT(ends_at) ON TABLE export_files TO pp_web;
GRANT SELECT(is_scheduled) ON TABLE export_files TO pp_web;

CREATE TABLE export_parts (
    workspace_id uuid NOT NULL,
    file_id uuid NOT NULL,
    number integer NOT NULL,
    data bytea NOT NULL
);
ALTER TABLE ONLY export_parts ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE ONLY export_parts FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY export_parts
    ADD CONSTRAINT export_parts_pkey PRIMARY KEY (workspace_id, file_id, number);
ALTER TABLE ONLY export_parts
    ADD CONSTRAINT export_parts_workspace_id_file_id_fkey FOREIGN KEY (workspace_id, file_id) REFERENCES export_files(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY auth_all ON export_parts TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE export_parts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON export_parts FOR SELECT TO pp_web USING (((workspace_id, file_id) IN ( SELECT f.workspace_id,
    f.id
   FROM export_files f
  WHERE ((f.state = 'ready'::text) AND (f.ends_at > now())))));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE export_parts TO pp_auth;
GRANT SELECT ON TABLE export_parts TO pp_web;

CREATE TABLE export_presets (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    format text NOT NULL,
    columns jsonb NOT NULL,
    made_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT export_presets_columns_check CHECK (((jsonb_typeof(columns) = 'array'::text) AND ((jsonb_array_length(columns) >= 1) AND (jsonb_array_length(columns) <= 200)))),
    CONSTRAINT export_presets_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
);
ALTER TABLE ONLY export_presets FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY export_presets
    ADD CONSTRAINT export_presets_pkey PRIMARY KEY (workspace_id, id);
CREATE UNIQUE INDEX export_presets_name ON export_presets USING btree (workspace_id, lower(name));
ALTER TABLE ONLY export_presets
    ADD CONSTRAINT export_presets_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY adds ON export_presets FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (made_by = ( SELECT app_user_id() AS app_user_id))));
ALTER TABLE export_presets ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON export_presets FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY removes ON export_presets FOR DELETE TO pp_web USING (((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)) OR ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (made_by = ( SELECT app_user_id() AS app_user_id)))));
GRANT SELECT,INSERT,DELETE ON TABLE export_presets TO pp_web;

CREATE TABLE exports (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid,
    user_id uuid NOT NULL,
    format text NOT NULL,
    filter jsonb NOT NULL,
    row_count integer NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY exports FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY exports
    ADD CONSTRAINT exports_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX exports_campaign ON exports USING btree (workspace_id, campaign_id);
CREATE INDEX exports_newest ON exports USING btree (workspace_id, created_at DESC);
CREATE INDEX exports_of_book ON exports USING btree (created_at) WHERE ((campaign_id IS NULL) AND (filter <> '{}'::jsonb));
CREATE TRIGGER noted AFTER INSERT ON exports FOR EACH ROW EXECUTE FUNCTION audit_export();
ALTER TABLE ONLY exports
    ADD CONSTRAINT exports_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY exports
    ADD CONSTRAINT exports_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY adds ON exports FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (user_id = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY auth_all ON exports TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE exports ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON exports FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT ON TABLE exports TO pp_web;
GRANT SELECT,INSERT ON TABLE exports TO pp_auth;
GRANT UPDATE(filter) ON TABLE exports TO pp_auth;

CREATE TABLE installation (
    name text NOT NULL,
    value bytea NOT NULL
);
ALTER TABLE ONLY installation FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (name);
CREATE POLICY auth_all ON installation TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE installation ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,UPDATE ON TABLE installation TO pp_auth;

CREATE TABLE installation_secrets (
    subject text NOT NULL,
    sealed text NOT NULL,
    fingerprint text NOT NULL,
    about jsonb DEFAULT '{}'::jsonb NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    set_by uuid,
    CONSTRAINT installation_secrets_about_check CHECK ((jsonb_typeof(about) = 'object'::text)),
    CONSTRAINT installation_secrets_sealed_check CHECK (((length(sealed) >= 1) AND (length(sealed) <= 20000))),
    CONSTRAINT installation_secrets_subject_check CHECK ((subject ~ '^[a-z][a-z0-9_]{0,63}$'::text))
);
ALTER TABLE ONLY installation_secrets FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY installation_secrets
    ADD CONSTRAINT installation_secrets_pkey PRIMARY KEY (subject);
CREATE INDEX installation_secrets_set_by ON installation_secrets USING btree (set_by) WHERE (set_by IS NOT NULL);
CREATE TRIGGER secret_changed AFTER INSERT OR DELETE OR UPDATE ON installation_secrets FOR EACH ROW EXECUTE FUNCTION secret_changed();
ALTER TABLE ONLY installation_secrets
    ADD CONSTRAINT installation_secrets_set_by_fkey FOREIGN KEY (set_by) REFERENCES users(id) ON DELETE SET NULL;
CREATE POLICY administrator ON installation_secrets FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON installation_secrets TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everybody ON installation_secrets FOR SELECT TO pp_system, pp_web, pp_worker USING (true);
ALTER TABLE installation_secrets ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE installation_secrets TO pp_auth;
GRANT SELECT(subject) ON TABLE installation_secrets TO pp_web;
GRANT SELECT(subject) ON TABLE installation_secrets TO pp_system;
GRANT SELECT(subject) ON TABLE installation_secrets TO pp_worker;
GRANT SELECT(subject) ON TABLE installation_secrets TO pp_admin;
GRANT SELECT(sealed) ON TABLE installation_secrets TO pp_worker;
GRANT SELECT(fingerprint) ON TABLE installation_secrets TO pp_web;
GRANT SELECT(fingerprint) ON TABLE installation_secrets TO pp_system;
GRANT SELECT(fingerprint) ON TABLE installation_secrets TO pp_worker;
GRANT SELECT(fingerprint) ON TABLE installation_secrets TO pp_admin;
GRANT SELECT(about) ON TABLE installation_secrets TO pp_admin;
GRANT SELECT(set_at) ON TABLE installation_secrets TO pp_admin;
GRANT SELECT(set_by) ON TABLE installation_secrets TO pp_admin;

CREATE TABLE installation_suppressions (
    value_hash bytea NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT installation_suppressions_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'domain'::text, 'phone'::text, 'company'::text]))),
    CONSTRAINT installation_suppressions_reason_check CHECK ((length(reason) <= 200))
);
ALTER TABLE ONLY installation_suppressions FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY installation_suppressions
    ADD CONSTRAINT installation_suppressions_pkey PRIMARY KEY (value_hash);
CREATE TRIGGER suppressed_forget AFTER INSERT ON installation_suppressions FOR EACH ROW EXECUTE FUNCTION suppressed_forget();
CREATE POLICY auth_all ON installation_suppressions TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everybody ON installation_suppressions FOR SELECT TO pp_web, pp_worker USING (true);
ALTER TABLE installation_suppressions ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE installation_suppressions TO pp_web;
GRANT SELECT ON TABLE installation_suppressions TO pp_worker;
GRANT SELECT,INSERT,DELETE ON TABLE installation_suppressions TO pp_auth;

CREATE TABLE invitations (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    token_hash bytea NOT NULL,
    invited_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '7 days'::interval) NOT NULL,
    accepted_at timestamp with time zone,
    revoked_at timestamp with time zone,
    mail_due_at timestamp with time zone,
    mail_tries integer DEFAULT 0 NOT NULL,
    mailed_at timestamp with time zone,
    mail_error text,
    CONSTRAINT invitations_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT invitations_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text, 'viewer'::text])))
);
ALTER TABLE ONLY invitations FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY invitations
    ADD CONSTRAINT invitations_token_hash_key UNIQUE (token_hash);
CREATE INDEX invitations_made ON invitations USING btree (invited_by, created_at);
CREATE INDEX invitations_mail_due ON invitations USING btree (mail_due_at) WHERE (mail_due_at IS NOT NULL);
CREATE TRIGGER plan_members_come AFTER UPDATE OF accepted_at ON invitations FOR EACH ROW WHEN (((old.accepted_at IS NULL) AND (new.accepted_at IS NOT NULL))) EXECUTE FUNCTION plan_members_admit();
CREATE TRIGGER plan_members_new AFTER INSERT ON invitations FOR EACH ROW EXECUTE FUNCTION plan_members_admit();
ALTER TABLE ONLY invitations
    ADD CONSTRAINT invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON invitations TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON invitations FOR SELECT TO pp_system USING (true);
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY manager ON invitations FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE invitations TO pp_auth;
GRANT SELECT(workspace_id) ON TABLE invitations TO pp_web;
GRANT SELECT(id) ON TABLE invitations TO pp_web;
GRANT SELECT(email) ON TABLE invitations TO pp_web;
GRANT SELECT(role) ON TABLE invitations TO pp_web;
GRANT SELECT(invited_by) ON TABLE invitations TO pp_web;
GRANT SELECT(created_at) ON TABLE invitations TO pp_web;
GRANT SELECT(expires_at) ON TABLE invitations TO pp_web;
GRANT SELECT(accepted_at) ON TABLE invitations TO pp_web;
GRANT SELECT(revoked_at) ON TABLE invitations TO pp_web;
GRANT SELECT(mail_due_at) ON TABLE invitations TO pp_web;
GRANT SELECT(mail_due_at) ON TABLE invitations TO pp_system;
GRANT SELECT(mailed_at) ON TABLE invitations TO pp_web;
GRANT SELECT(mail_error) ON TABLE invitations TO pp_web;

CREATE TABLE job_attempts (
    workspace_id uuid NOT NULL,
    job_id uuid NOT NULL,
    token bigint NOT NULL,
    attempt integer NOT NULL,
    worker text NOT NULL,
    began_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    ended_as text,
    fault text,
    CONSTRAINT job_attempts_ended_as_check CHECK ((ended_as = ANY (ARRAY['completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text, 'handed_over'::text, 'interrupted'::text])))
);
ALTER TABLE ONLY job_attempts FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY job_attempts
    ADD CONSTRAINT job_attempts_pkey PRIMARY KEY (workspace_id, job_id, token);
CREATE INDEX job_attempts_faults ON job_attempts USING btree (began_at) WHERE (fault IS NOT NULL);
ALTER TABLE ONLY job_attempts
    ADD CONSTRAINT job_attempts_workspace_id_job_id_fkey FOREIGN KEY (workspace_id, job_id) REFERENCES discovery_jobs(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY administrator ON job_attempts FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON job_attempts TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY held ON job_attempts TO pp_worker USING ((job_id = ( SELECT app_job_id() AS app_job_id)));
ALTER TABLE job_attempts ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE job_attempts TO pp_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE job_attempts TO pp_auth;
GRANT SELECT(workspace_id) ON TABLE job_attempts TO pp_worker;
GRANT SELECT(job_id) ON TABLE job_attempts TO pp_worker;
GRANT SELECT(ended_at) ON TABLE job_attempts TO pp_worker;
GRANT UPDATE(fault) ON TABLE job_attempts TO pp_worker;

CREATE TABLE job_events (
    workspace_id uuid NOT NULL,
    id bigint NOT NULL,
    job_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    stage text NOT NULL,
    progress integer NOT NULL,
    message text,
    metrics jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE ONLY job_events FORCE ROW LEVEL SECURITY;
ALTER TABLE job_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME job_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY job_events
    ADD CONSTRAINT job_events_pkey PRIMARY KEY (workspace_id, job_id, id);
CREATE INDEX job_events_at ON job_events USING btree (at);
ALTER TABLE ONLY job_events
    ADD CONSTRAINT job_events_workspace_id_job_id_fkey FOREIGN KEY (workspace_id, job_id) REFERENCES discovery_jobs(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON job_events FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY administrator ON job_events FOR INSERT TO pp_admin WITH CHECK (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY administrator_reads ON job_events FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY everywhere ON job_events FOR INSERT TO pp_system WITH CHECK (true);
CREATE POLICY held ON job_events TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
ALTER TABLE job_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON job_events FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY removes ON job_events FOR DELETE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY retention ON job_events TO pp_auth USING (true);
GRANT SELECT,INSERT,DELETE ON TABLE job_events TO pp_web;
GRANT SELECT,INSERT ON TABLE job_events TO pp_worker;
GRANT INSERT ON TABLE job_events TO pp_system;
GRANT SELECT,INSERT ON TABLE job_events TO pp_admin;
GRANT SELECT,DELETE ON TABLE job_events TO pp_auth;
GRANT UPDATE(message) ON TABLE job_events TO pp_auth;

CREATE TABLE known_devices (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY known_devices FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY known_devices
    ADD CONSTRAINT known_devices_pkey PRIMARY KEY (token_hash);
CREATE INDEX known_devices_user ON known_devices USING btree (user_id, created_at);
ALTER TABLE ONLY known_devices
    ADD CONSTRAINT known_devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON known_devices TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE known_devices ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE known_devices TO pp_auth;

CREATE TABLE leads (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    business_id uuid NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    address text,
    city text,
    postcode text,
    country text,
    lat double precision,
    lon double precision,
    phone text,
    website text,
    domain text,
    email text,
    email_status text NOT NULL,
    is_role_address boolean DEFAULT false NOT NULL,
    opening_hours text,
    brand text,
    confidence integer NOT NULL,
    score_breakdown jsonb NOT NULL,
    origins jsonb NOT NULL,
    provenance jsonb NOT NULL,
    empty_reasons jsonb NOT NULL,
    steps jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    contacts jsonb DEFAULT '[]'::jsonb NOT NULL,
    profiles jsonb DEFAULT '[]'::jsonb NOT NULL,
    cost_micros bigint DEFAULT 0 NOT NULL,
    is_open boolean DEFAULT false NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    retain_until date,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    reach integer,
    reach_breakdown jsonb DEFAULT '[]'::jsonb NOT NULL,
    chain text,
    company_id uuid NOT NULL,
    is_current boolean DEFAULT false NOT NULL,
    team_status text,
    owner_id uuid,
    follow_up_on date,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    first_seen_at timestamp with time zone,
    words tsvector,
    is_customer boolean DEFAULT false NOT NULL,
    found jsonb DEFAULT '{}'::jsonb NOT NULL,
    marks bigint[] GENERATED ALWAYS AS (ARRAY[lead_mark(NULLIF(name, 'Name removed'::text),
CASE
    WHEN (name = 'Name removed'::text) THEN 'removed then.'::text
    ELSE NULL::text
END), lead_mark(category, NULL::text), lead_mark(phone, (empty_reasons ->> 'phone'::text)), lead_mark(email, (empty_reasons ->> 'email'::text)), lead_mark(
CASE
    WHEN ((email IS NOT NULL) OR (email_status = 'none'::text)) THEN email_status
    ELSE NULL::text
END, (empty_reasons ->> 'email'::text)), lead_mark(website, (empty_reasons ->> 'website'::text)), lead_mark(address, (empty_reasons ->> 'address'::text)), lead_mark(opening_hours, (empty_reasons ->> 'opening_hours'::text)), lead_mark((details ->> 'doubt'::text), (empty_reasons ->> 'doubt'::text))]) STORED NOT NULL,
    phone_is_mobile boolean DEFAULT false NOT NULL,
    open_week int4multirange,
    time_zone text,
    verdicts jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT leads_confidence_check CHECK (((confidence >= 0) AND (confidence <= 100))),
    CONSTRAINT leads_cost_micros_check CHECK ((cost_micros >= 0)),
    CONSTRAINT leads_email_status_check CHECK ((email_status = ANY (ARRAY['none'::text, 'unverified'::text, 'verified'::text, 'accepted'::text, 'catchall'::text, 'typed'::text, 'unknown'::text, 'disposable'::text, 'invalid'::text]))),
    CONSTRAINT leads_reach_check CHECK (((reach >= 0) AND (reach <= 100)))
)
WITH (autovacuum_vacuum_insert_scale_factor='0.02');
ALTER TABLE ONLY leads FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY leads
    ADD CONSTRAINT leads_once_a_campaign UNIQUE (workspace_id, campaign_id, company_id) INCLUDE (id, marks, confidence, reach);
ALTER TABLE ONLY leads
    ADD CONSTRAINT leads_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY leads
    ADD CONSTRAINT leads_workspace_id_campaign_id_business_id_key UNIQUE (workspace_id, campaign_id, business_id);
CREATE INDEX leads_best ON leads USING btree (workspace_id, campaign_id, confidence DESC, id);
CREATE INDEX leads_book_address ON leads USING btree (workspace_id, lower(address), id) WHERE (is_current AND (address IS NOT NULL));
CREATE INDEX leads_book_also ON leads USING btree (workspace_id, lower(jsonb_extract_path_text(details, VARIADIC ARRAY['also'::text])), id) WHERE (is_current AND (jsonb_extract_path_text(details, VARIADIC ARRAY['also'::text]) IS NOT NULL));
CREATE INDEX leads_book_best ON leads USING btree (workspace_id, ((confidence + COALESCE(reach, confidence))) DESC, id DESC) INCLUDE (confidence, reach) WHERE is_current;
CREATE INDEX leads_book_category ON leads USING btree (workspace_id, category, id) WHERE is_current;
CREATE INDEX leads_book_chain ON leads USING btree (workspace_id, lower(chain), id) WHERE (is_current AND (chain IS NOT NULL));
CREATE INDEX leads_book_city ON leads USING btree (workspace_id, lower(city), id) WHERE (is_current AND (city IS NOT NULL));
CREATE INDEX leads_book_company_size ON leads USING btree (workspace_id, (
CASE jsonb_extract_path_text(details, VARIADIC ARRAY['company_size'::text])
    WHEN 'micro'::text THEN 0
    WHEN 'small'::text THEN 1
    WHEN 'medium'::text THEN 2
    WHEN 'large'::text THEN 3
    ELSE 4
END), id) WHERE (is_current AND (jsonb_extract_path_text(details, VARIADIC ARRAY['company_size'::text]) IS NOT NULL));
CREATE INDEX leads_book_confidence ON leads USING btree (workspace_id, confidence, id) WHERE is_current;
CREATE INDEX leads_book_cost ON leads USING btree (workspace_id, cost_micros, id) WHERE is_current;
CREATE INDEX leads_book_country ON leads USING btree (workspace_id, lower(country), id) WHERE (is_current AND (country IS NOT NULL));
CREATE INDEX leads_book_customers ON leads USING btree (workspace_id, id) WHERE (is_current AND is_customer);
CREATE INDEX leads_book_domain ON leads USING btree (workspace_id, domain) WHERE (is_current AND (domain IS NOT NULL));
CREATE INDEX leads_book_doubt ON leads USING btree (workspace_id, lower(jsonb_extract_path_text(details, VARIADIC ARRAY['doubt'::text])), id) WHERE (is_current AND (jsonb_extract_path_text(details, VARIADIC ARRAY['doubt'::text]) IS NOT NULL));
CREATE INDEX leads_book_due ON leads USING btree (workspace_id, follow_up_on, id) WHERE (is_current AND (follow_up_on IS NOT NULL));
CREATE INDEX leads_book_due_of ON leads USING btree (workspace_id, owner_id, follow_up_on, id) WHERE (is_current AND (follow_up_on IS NOT NULL) AND (owner_id IS NOT NULL));
CREATE INDEX leads_book_email ON leads USING btree (workspace_id, lower(email), id) INCLUDE (email_status) WHERE (is_current AND (email IS NOT NULL));
CREATE INDEX leads_book_email_status ON leads USING btree (workspace_id, email_status) WHERE is_current;
CREATE INDEX leads_book_founded ON leads USING btree (workspace_id, lower(jsonb_extract_path_text(details, VARIADIC ARRAY['founded'::text])), id) WHERE (is_current AND (jsonb_extract_path_text(details, VARIADIC ARRAY['founded'::text]) IS NOT NULL));
CREATE INDEX leads_book_fresh ON leads USING btree (workspace_id, first_seen_at DESC, id DESC) WHERE (is_current AND (team_status = 'new'::text));
CREATE INDEX leads_book_hours ON leads USING btree (workspace_id, lower(opening_hours), id) WHERE (is_current AND (opening_hours IS NOT NULL));
CREATE INDEX leads_book_kind ON leads USING btree (workspace_id, book_email_kind(email, is_role_address)) WHERE (is_current AND (email IS NOT NULL));
CREATE INDEX leads_book_labels ON leads USING gin (book_labels(workspace_id, tags, origins)) WHERE (is_current AND ((tags <> '{}'::text[]) OR (jsonb_array_length(origins) > 1)));
CREATE INDEX leads_book_likely ON leads USING btree (workspace_id, (((
CASE email_status
    WHEN 'verified'::text THEN 0
    WHEN 'accepted'::text THEN 1000
    WHEN 'catchall'::text THEN 2000
    WHEN 'typed'::text THEN 3000
    WHEN 'unverified'::text THEN 4000
    WHEN 'unknown'::text THEN 5000
    WHEN 'disposable'::text THEN 6000
    WHEN 'none'::text THEN 7000
    WHEN 'invalid'::text THEN 8000
    ELSE 9000
END + 500) - confidence)), id) WHERE is_current;
CREATE INDEX leads_book_mobile ON leads USING btree (workspace_id, id) WHERE (is_current AND phone_is_mobile);
CREATE INDEX leads_book_name ON leads USING btree (workspace_id, book_name(name)) WHERE is_current;
CREATE INDEX leads_book_new ON leads USING btree (workspace_id, first_seen_at DESC, id DESC) WHERE is_current;
CREATE INDEX leads_book_no_phone ON leads USING btree (workspace_id, ((confidence + COALESCE(reach, confidence))) DESC, id DESC) WHERE (is_current AND (phone IS NULL));
CREATE INDEX leads_book_no_website ON leads USING btree (workspace_id, ((confidence + COALESCE(reach, confidence))) DESC, id DESC) WHERE (is_current AND (website IS NULL));
CREATE INDEX leads_book_open ON leads USING gin (book_open_labels(workspace_id, time_zone, open_week)) WHERE (is_current AND (open_week IS NOT NULL));
CREATE INDEX leads_book_others ON leads USING gin (book_others(workspace_id, details)) WHERE (is_current AND (details ?| ARRAY['other_phones'::text, 'other_emails'::text, 'other_websites'::text]));
CREATE INDEX leads_book_owner ON leads USING btree (workspace_id, owner_id, id) WHERE (is_current AND (owner_id IS NOT NULL));
CREATE INDEX leads_book_phone ON leads USING btree (workspace_id, phone, id) WHERE (is_current AND (phone IS NOT NULL));
CREATE INDEX leads_book_place ON leads USING btree (workspace_id, lat, lon) WHERE (is_current AND (lat IS NOT NULL));
CREATE INDEX leads_book_postcode ON leads USING btree (workspace_id, lower(postcode), id) WHERE (is_current AND (postcode IS NOT NULL));
CREATE INDEX leads_book_profile ON leads USING btree (workspace_id, id) WHERE (is_current AND ((profiles <> '[]'::jsonb) OR (details ? 'profiles'::text)));
CREATE INDEX leads_book_rating ON leads USING btree (workspace_id, lower(jsonb_extract_path_text(details, VARIADIC ARRAY['rating'::text])), id) WHERE (is_current AND (jsonb_extract_path_text(details, VARIADIC ARRAY['rating'::text]) IS NOT NULL));
CREATE INDEX leads_book_reach ON leads USING btree (workspace_id, reach, id) WHERE (is_current AND (reach IS NOT NULL));
CREATE INDEX leads_book_reviews ON leads USING btree (workspace_id, lower(lpad(jsonb_extract_path_text(details, VARIADIC ARRAY['reviews'::text]), 9, '0'::text)), id) WHERE (is_current AND (jsonb_extract_path_text(details, VARIADIC ARRAY['reviews'::text]) IS NOT NULL));
CREATE INDEX leads_book_seen ON leads USING btree (workspace_id, updated_at, id) WHERE is_current;
CREATE INDEX leads_book_source ON leads USING btree (workspace_id, lower(jsonb_extract_path_text(origins, VARIADIC ARRAY['0'::text, 'source'::text])), id) WHERE (is_current AND (jsonb_extract_path_text(origins, VARIADIC ARRAY['0'::text, 'source'::text]) IS NOT NULL));
CREATE INDEX leads_book_state ON leads USING btree (workspace_id, lower(jsonb_extract_path_text(details, VARIADIC ARRAY['state'::text])), id) WHERE (is_current AND (jsonb_extract_path_text(details, VARIADIC ARRAY['state'::text]) IS NOT NULL));
CREATE INDEX leads_book_status ON leads USING btree (workspace_id, (
CASE team_status
    WHEN 'new'::text THEN 0
    WHEN 'contacted'::text THEN 1
    WHEN 'interested'::text THEN 2
    WHEN 'won'::text THEN 3
    WHEN 'lost'::text THEN 4
    ELSE 5
END), id) WHERE is_current;
CREATE INDEX leads_book_tag_sets ON leads USING btree (workspace_id, tags) WHERE (is_current AND (tags <> '{}'::text[]));
CREATE INDEX leads_book_tagged ON leads USING btree (workspace_id, book_tag_text(tags), id) WHERE (is_current AND (tags <> '{}'::text[]));
CREATE INDEX leads_book_title ON leads USING btree (workspace_id, lower(name), id) INCLUDE (name) WHERE is_current;
CREATE INDEX leads_book_website ON leads USING btree (workspace_id, lower(website), id) WHERE (is_current AND (website IS NOT NULL));
CREATE INDEX leads_book_words ON leads USING gin (words) WHERE is_current;
CREATE INDEX leads_book_worked ON leads USING btree (workspace_id, team_status, id) WHERE (is_current AND (team_status <> 'new'::text));
CREATE INDEX leads_book_zones ON leads USING btree (workspace_id, time_zone) WHERE (is_current AND (open_week IS NOT NULL));
CREATE UNIQUE INDEX leads_current ON leads USING btree (workspace_id, company_id) WHERE is_current;
CREATE INDEX leads_domain ON leads USING btree (workspace_id, domain) WHERE ((domain IS NOT NULL) AND (email IS NOT NULL));
CREATE INDEX leads_of_company ON leads USING btree (workspace_id, company_id, updated_at DESC) INCLUDE (campaign_id);
CREATE INDEX leads_of_domain ON leads USING btree (workspace_id, domain, updated_at DESC) WHERE (domain IS NOT NULL);
CREATE INDEX leads_open ON leads USING btree (workspace_id, campaign_id) WHERE is_open;
CREATE INDEX leads_retention ON leads USING btree (retain_until) WHERE (retain_until IS NOT NULL);
CREATE TRIGGER assigned_on_arrival BEFORE INSERT ON leads FOR EACH ROW WHEN (new.is_current) EXECUTE FUNCTION assigned_on_arrival();
CREATE TRIGGER book_carries BEFORE INSERT OR UPDATE ON leads FOR EACH ROW EXECUTE FUNCTION book_carries();
CREATE TRIGGER book_loses AFTER DELETE ON leads REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION book_loses();
CREATE TRIGGER customers_carry BEFORE INSERT OR UPDATE OF is_current ON leads FOR EACH ROW EXECUTE FUNCTION customers_carry();
CREATE TRIGGER webhook_lead_verified AFTER INSERT ON leads FOR EACH ROW WHEN ((new.email_status = 'verified'::text)) EXECUTE FUNCTION webhook_lead_verified();
CREATE TRIGGER webhook_lead_verified_later AFTER UPDATE OF email_status ON leads FOR EACH ROW WHEN (((new.email_status = 'verified'::text) AND (old.email_status <> 'verified'::text))) EXECUTE FUNCTION webhook_lead_verified();
ALTER TABLE ONLY leads
    ADD CONSTRAINT leads_workspace_id_business_id_fkey FOREIGN KEY (workspace_id, business_id) REFERENCES businesses(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY leads
    ADD CONSTRAINT leads_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY leads
    ADD CONSTRAINT leads_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY exported ON leads FOR SELECT TO pp_worker USING ((workspace_id = ( SELECT app_export_workspace() AS app_export_workspace)));
CREATE POLICY held ON leads TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
ALTER TABLE leads ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON leads FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY removes ON leads FOR DELETE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY retention ON leads TO pp_auth USING (true) WITH CHECK (true);
GRANT SELECT,DELETE ON TABLE leads TO pp_web;
GRANT SELECT,INSERT,UPDATE ON TABLE leads TO pp_worker;
GRANT SELECT,DELETE,UPDATE ON TABLE leads TO pp_auth;

CREATE TABLE list_files (
    workspace_id uuid NOT NULL,
    list_id uuid NOT NULL,
    data bytea NOT NULL,
    columns jsonb NOT NULL,
    country text,
    problems jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT list_files_country_check CHECK ((country ~ '^[A-Z]{2}$'::text))
);
ALTER TABLE ONLY list_files ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE ONLY list_files FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY list_files
    ADD CONSTRAINT list_files_pkey PRIMARY KEY (workspace_id, list_id);
ALTER TABLE ONLY list_files
    ADD CONSTRAINT list_files_workspace_id_list_id_fkey FOREIGN KEY (workspace_id, list_id) REFERENCES lists(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON list_files FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY auth_all ON list_files TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON list_files TO pp_system USING (true) WITH CHECK (true);
ALTER TABLE list_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON list_files FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY ordered ON list_files FOR SELECT TO pp_worker USING (((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)) AND (EXISTS ( SELECT
   FROM lists l
  WHERE ((l.workspace_id = list_files.workspace_id) AND (l.id = list_files.list_id) AND (l.state = 'ordered'::text))))));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE list_files TO pp_auth;
GRANT SELECT ON TABLE list_files TO pp_web;
GRANT SELECT,DELETE,UPDATE ON TABLE list_files TO pp_system;
GRANT SELECT ON TABLE list_files TO pp_worker;
GRANT INSERT(workspace_id) ON TABLE list_files TO pp_web;
GRANT INSERT(list_id) ON TABLE list_files TO pp_web;
GRANT INSERT(data) ON TABLE list_files TO pp_web;
GRANT INSERT(columns) ON TABLE list_files TO pp_web;
GRANT INSERT(country) ON TABLE list_files TO pp_web;

CREATE TABLE list_keys (
    workspace_id uuid NOT NULL,
    list_id uuid NOT NULL,
    row_number integer NOT NULL,
    key_hash bytea NOT NULL,
    kind text NOT NULL,
    hint text DEFAULT ''::text NOT NULL,
    external_id text,
    CONSTRAINT list_keys_external_id_check CHECK ((length(external_id) <= 100)),
    CONSTRAINT list_keys_hint_check CHECK ((length(hint) <= 100)),
    CONSTRAINT list_keys_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'domain'::text, 'phone'::text, 'company'::text])))
);
ALTER TABLE ONLY list_keys FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY list_keys
    ADD CONSTRAINT list_keys_pkey PRIMARY KEY (workspace_id, list_id, row_number, key_hash);
CREATE INDEX list_keys_by_hash ON list_keys USING btree (workspace_id, key_hash);
ALTER TABLE ONLY list_keys
    ADD CONSTRAINT list_keys_workspace_id_list_id_fkey FOREIGN KEY (workspace_id, list_id) REFERENCES lists(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY auth_all ON list_keys TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON list_keys TO pp_system USING (true) WITH CHECK (true);
CREATE POLICY held ON list_keys TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
ALTER TABLE list_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON list_keys FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE list_keys TO pp_auth;
GRANT SELECT ON TABLE list_keys TO pp_web;
GRANT SELECT ON TABLE list_keys TO pp_worker;
GRANT SELECT,INSERT ON TABLE list_keys TO pp_system;

CREATE TABLE list_members (
    workspace_id uuid NOT NULL,
    list_id uuid NOT NULL,
    company_id uuid NOT NULL,
    external_id text,
    CONSTRAINT list_members_external_id_check CHECK ((length(external_id) <= 100))
);
ALTER TABLE ONLY list_members FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY list_members
    ADD CONSTRAINT list_members_pkey PRIMARY KEY (workspace_id, list_id, company_id);
CREATE INDEX list_members_of_company ON list_members USING btree (workspace_id, company_id);
CREATE TRIGGER customers_added AFTER INSERT ON list_members REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION customers_change();
CREATE TRIGGER customers_gone AFTER DELETE ON list_members REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION customers_change();
ALTER TABLE ONLY list_members
    ADD CONSTRAINT list_members_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY list_members
    ADD CONSTRAINT list_members_workspace_id_list_id_fkey FOREIGN KEY (workspace_id, list_id) REFERENCES lists(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY auth_all ON list_members TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON list_members TO pp_system USING (true) WITH CHECK (true);
CREATE POLICY held ON list_members TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
ALTER TABLE list_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON list_members FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE list_members TO pp_auth;
GRANT SELECT ON TABLE list_members TO pp_web;
GRANT SELECT,INSERT ON TABLE list_members TO pp_worker;
GRANT SELECT,INSERT ON TABLE list_members TO pp_system;

CREATE TABLE lists (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    state text DEFAULT 'checking'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    sha256 bytea NOT NULL,
    said text DEFAULT ''::text NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    rows integer DEFAULT 0 NOT NULL,
    bad integer DEFAULT 0 NOT NULL,
    repeated integer DEFAULT 0 NOT NULL,
    known integer DEFAULT 0 NOT NULL,
    companies integer DEFAULT 0 NOT NULL,
    entries integer DEFAULT 0 NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    worked_at timestamp with time zone,
    kept_at timestamp with time zone,
    removed_at timestamp with time zone,
    CONSTRAINT lists_kind_check CHECK ((kind = ANY (ARRAY['customers'::text, 'exclusion'::text, 'own'::text]))),
    CONSTRAINT lists_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT lists_own_check CHECK ((((state = 'ordered'::text) <= (kind = 'own'::text)) AND ((state = ANY (ARRAY['storing'::text, 'kept'::text])) <= (kind <> 'own'::text)))),
    CONSTRAINT lists_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT lists_state_check CHECK ((state = ANY (ARRAY['checking'::text, 'checked'::text, 'refused'::text, 'storing'::text, 'kept'::text, 'ordered'::text])))
);
ALTER TABLE ONLY lists FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY lists
    ADD CONSTRAINT lists_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX lists_due ON lists USING btree (created_at) WHERE (state = ANY (ARRAY['checking'::text, 'storing'::text]));
CREATE INDEX lists_newest ON lists USING btree (workspace_id, created_at DESC, id);
CREATE TRIGGER crm_list_kept AFTER UPDATE OF state ON lists FOR EACH ROW WHEN (((new.state = 'kept'::text) AND (old.state <> 'kept'::text))) EXECUTE FUNCTION crm_list_kept();
ALTER TABLE ONLY lists
    ADD CONSTRAINT lists_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY adds ON lists FOR INSERT TO pp_web WITH CHECK ((((state = 'checking'::text) OR ((state = 'checked'::text) AND (kind = 'own'::text))) AND (removed_at IS NULL) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (created_by = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY auth_all ON lists TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON lists TO pp_system USING (true) WITH CHECK (true);
CREATE POLICY goes_on ON lists FOR UPDATE TO pp_web USING (((state = 'checked'::text) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)))) WITH CHECK (((state =
CASE kind
    WHEN 'own'::text THEN 'ordered'::text
    ELSE 'storing'::text
END) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
CREATE POLICY held ON lists TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY lets_go ON lists FOR DELETE TO pp_web USING (((state = ANY (ARRAY['checking'::text, 'checked'::text, 'refused'::text])) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
ALTER TABLE lists ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON lists FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE lists TO pp_auth;
GRANT SELECT,DELETE ON TABLE lists TO pp_web;
GRANT SELECT ON TABLE lists TO pp_worker;
GRANT SELECT,UPDATE ON TABLE lists TO pp_system;
GRANT INSERT(workspace_id) ON TABLE lists TO pp_web;
GRANT INSERT(id) ON TABLE lists TO pp_web;
GRANT INSERT(name) ON TABLE lists TO pp_web;
GRANT INSERT(kind) ON TABLE lists TO pp_web;
GRANT INSERT(state),UPDATE(state) ON TABLE lists TO pp_web;
GRANT INSERT(reason) ON TABLE lists TO pp_web;
GRANT INSERT(sha256) ON TABLE lists TO pp_web;
GRANT UPDATE(done) ON TABLE lists TO pp_web;
GRANT INSERT(rows) ON TABLE lists TO pp_web;
GRANT INSERT(bad) ON TABLE lists TO pp_web;
GRANT INSERT(known) ON TABLE lists TO pp_web;
GRANT INSERT(companies) ON TABLE lists TO pp_web;
GRANT INSERT(created_by) ON TABLE lists TO pp_web;

CREATE TABLE localities (
    id bigint NOT NULL,
    source_ref text,
    kind text NOT NULL,
    name text NOT NULL,
    keys text[] NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    radius_km double precision NOT NULL,
    country text,
    region text,
    places integer DEFAULT 0 NOT NULL,
    label text,
    parent text,
    county text,
    pieces text[] DEFAULT '{}'::text[] NOT NULL,
    named jsonb
);
ALTER TABLE localities ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME localities_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY localities
    ADD CONSTRAINT localities_pkey PRIMARY KEY (id);
ALTER TABLE ONLY localities
    ADD CONSTRAINT localities_source_ref_key UNIQUE (source_ref);
CREATE INDEX localities_keys ON localities USING gin (keys);
CREATE INDEX localities_largest ON localities USING btree (places DESC, name);
CREATE INDEX localities_pieces ON localities USING gin (pieces);
GRANT SELECT ON TABLE localities TO pp_web;
GRANT SELECT ON TABLE localities TO pp_worker;
GRANT SELECT ON TABLE localities TO pp_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE localities TO pp_importer;

CREATE TABLE measures (
    step text NOT NULL,
    at timestamp with time zone NOT NULL,
    name text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    part text DEFAULT ''::text NOT NULL,
    value double precision NOT NULL,
    most double precision NOT NULL,
    CONSTRAINT measures_step_check CHECK ((step = ANY (ARRAY['minute'::text, 'hour'::text, 'day'::text])))
);
ALTER TABLE ONLY measures FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY measures
    ADD CONSTRAINT measures_pkey PRIMARY KEY (step, at, name, subject, part);
CREATE POLICY administrator ON measures FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_reads ON measures FOR SELECT TO pp_auth USING (true);
CREATE POLICY everywhere ON measures TO pp_system USING (true) WITH CHECK (true);
ALTER TABLE measures ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE measures TO pp_system;
GRANT SELECT ON TABLE measures TO pp_admin;
GRANT SELECT ON TABLE measures TO pp_auth;

CREATE TABLE memberships (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT memberships_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text, 'viewer'::text])))
);
ALTER TABLE ONLY memberships FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (workspace_id, user_id);
CREATE UNIQUE INDEX memberships_one_owner ON memberships USING btree (workspace_id) WHERE (role = 'owner'::text);
CREATE INDEX memberships_user ON memberships USING btree (user_id);
CREATE TRIGGER close_invitations AFTER DELETE OR UPDATE OF role ON memberships FOR EACH ROW EXECUTE FUNCTION invitations_close();
CREATE CONSTRAINT TRIGGER one_owner AFTER DELETE OR UPDATE ON memberships DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.role = 'owner'::text)) EXECUTE FUNCTION membership_has_owner();
ALTER TABLE ONLY memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY memberships
    ADD CONSTRAINT memberships_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON memberships TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY colleague ON memberships FOR SELECT TO pp_web USING (((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)) OR (user_id = ( SELECT app_user_id() AS app_user_id))));
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE memberships TO pp_auth;
GRANT SELECT ON TABLE memberships TO pp_web;
GRANT SELECT(workspace_id) ON TABLE memberships TO pp_auth;
GRANT SELECT(user_id) ON TABLE memberships TO pp_auth;
GRANT SELECT(role) ON TABLE memberships TO pp_auth;

CREATE TABLE mentions (
    workspace_id uuid NOT NULL,
    activity_id bigint NOT NULL,
    user_id uuid NOT NULL,
    author_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    read_at timestamp with time zone,
    mail_due_at timestamp with time zone DEFAULT (now() + '00:05:00'::interval),
    mail_id uuid,
    mail_tries integer DEFAULT 0 NOT NULL,
    mail_error text
);
ALTER TABLE ONLY mentions FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY mentions
    ADD CONSTRAINT mentions_pkey PRIMARY KEY (workspace_id, activity_id, user_id);
CREATE INDEX mentions_mail ON mentions USING btree (mail_id) WHERE (mail_id IS NOT NULL);
CREATE INDEX mentions_mail_due ON mentions USING btree (mail_due_at) WHERE (mail_due_at IS NOT NULL);
CREATE INDEX mentions_of ON mentions USING btree (workspace_id, user_id, activity_id DESC);
CREATE INDEX mentions_unread ON mentions USING btree (workspace_id, user_id, activity_id DESC) WHERE (read_at IS NULL);
ALTER TABLE ONLY mentions
    ADD CONSTRAINT mentions_workspace_id_activity_id_fkey FOREIGN KEY (workspace_id, activity_id) REFERENCES activities(workspace_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY mentions
    ADD CONSTRAINT mentions_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE POLICY auth_all ON mentions TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON mentions FOR SELECT TO pp_system USING (true);
ALTER TABLE mentions ENABLE ROW LEVEL SECURITY;
CREATE POLICY names ON mentions FOR INSERT TO pp_web WITH CHECK (((author_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (EXISTS ( SELECT
   FROM activities a
  WHERE ((a.workspace_id = mentions.workspace_id) AND (a.id = mentions.activity_id) AND (a.kind = 'note'::text) AND (a.user_id = ( SELECT app_user_id() AS app_user_id)))))));
CREATE POLICY reads ON mentions FOR UPDATE TO pp_web USING (((user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces() AS app_workspaces)))) WITH CHECK ((user_id = ( SELECT app_user_id() AS app_user_id)));
CREATE POLICY sees ON mentions FOR SELECT TO pp_web USING (((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)) AND ((( SELECT app_user_id() AS app_user_id) = user_id) OR (( SELECT app_user_id() AS app_user_id) = author_id))));
CREATE POLICY unnames ON mentions FOR DELETE TO pp_web USING (((author_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
GRANT SELECT,UPDATE ON TABLE mentions TO pp_auth;
GRANT SELECT,DELETE ON TABLE mentions TO pp_web;
GRANT INSERT(workspace_id) ON TABLE mentions TO pp_web;
GRANT INSERT(activity_id) ON TABLE mentions TO pp_web;
GRANT INSERT(user_id) ON TABLE mentions TO pp_web;
GRANT INSERT(author_id) ON TABLE mentions TO pp_web;
GRANT UPDATE(read_at) ON TABLE mentions TO pp_web;
GRANT SELECT(mail_due_at) ON TABLE mentions TO pp_system;

CREATE TABLE outbox (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    job_id uuid NOT NULL,
    attempt integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    error text,
    dropped_at timestamp with time zone,
    CONSTRAINT outbox_kind_check CHECK ((kind = ANY (ARRAY['run_campaign'::text, 'campaign_ended'::text])))
);
ALTER TABLE ONLY outbox FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_workspace_id_job_id_kind_attempt_key UNIQUE (workspace_id, job_id, kind, attempt);
CREATE INDEX outbox_mail_due ON outbox USING btree (due_at) WHERE ((sent_at IS NULL) AND (dropped_at IS NULL) AND (kind = 'campaign_ended'::text));
CREATE INDEX outbox_past ON outbox USING btree (created_at) WHERE ((sent_at IS NOT NULL) OR (kind = 'campaign_ended'::text));
CREATE INDEX outbox_unsent ON outbox USING btree (created_at) WHERE ((sent_at IS NULL) AND (kind = 'run_campaign'::text));
ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_workspace_id_job_id_fkey FOREIGN KEY (workspace_id, job_id) REFERENCES discovery_jobs(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON outbox FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY administrator ON outbox TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin)) WITH CHECK (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY changes ON outbox FOR UPDATE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))) WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY everywhere ON outbox TO pp_system USING (true) WITH CHECK (true);
CREATE POLICY held ON outbox FOR INSERT TO pp_worker WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY member ON outbox FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY retention ON outbox TO pp_auth USING (true);
CREATE POLICY schedules ON outbox FOR INSERT TO pp_auth WITH CHECK (true);
GRANT SELECT,INSERT ON TABLE outbox TO pp_web;
GRANT SELECT,INSERT,UPDATE ON TABLE outbox TO pp_system;
GRANT SELECT,INSERT ON TABLE outbox TO pp_admin;
GRANT INSERT ON TABLE outbox TO pp_worker;
GRANT SELECT,DELETE ON TABLE outbox TO pp_auth;
GRANT INSERT(workspace_id) ON TABLE outbox TO pp_auth;
GRANT INSERT(id) ON TABLE outbox TO pp_auth;
GRANT INSERT(kind) ON TABLE outbox TO pp_auth;
GRANT INSERT(job_id) ON TABLE outbox TO pp_auth;
GRANT INSERT(attempt) ON TABLE outbox TO pp_auth;
GRANT UPDATE(sent_at) ON TABLE outbox TO pp_web;
GRANT UPDATE(sent_at) ON TABLE outbox TO pp_admin;
GRANT UPDATE(due_at) ON TABLE outbox TO pp_auth;
GRANT UPDATE(tries) ON TABLE outbox TO pp_auth;
GRANT UPDATE(error) ON TABLE outbox TO pp_auth;
GRANT UPDATE(dropped_at) ON TABLE outbox TO pp_auth;

CREATE TABLE passkeys (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    CONSTRAINT passkeys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
);
ALTER TABLE ONLY passkeys FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY passkeys
    ADD CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id);
ALTER TABLE ONLY passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (id);
CREATE INDEX passkeys_user ON passkeys USING btree (user_id, created_at);
ALTER TABLE ONLY passkeys
    ADD CONSTRAINT passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON passkeys TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE passkeys TO pp_auth;

CREATE TABLE place_category_counts (
    category text NOT NULL,
    places integer NOT NULL
);
ALTER TABLE ONLY place_category_counts
    ADD CONSTRAINT place_category_counts_pkey PRIMARY KEY (category);
GRANT SELECT ON TABLE place_category_counts TO pp_web;
GRANT SELECT ON TABLE place_category_counts TO pp_worker;
GRANT SELECT ON TABLE place_category_counts TO pp_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE place_category_counts TO pp_importer;

CREATE TABLE place_holdings (
    name text NOT NULL,
    source text NOT NULL,
    country text DEFAULT ''::text NOT NULL,
    places integer NOT NULL,
    hidden integer NOT NULL,
    oldest date,
    newest date
);
ALTER TABLE ONLY place_holdings FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY place_holdings
    ADD CONSTRAINT place_holdings_pkey PRIMARY KEY (name, source, country);
CREATE POLICY administrator ON place_holdings FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY everywhere ON place_holdings TO pp_importer USING (true) WITH CHECK (true);
ALTER TABLE place_holdings ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE place_holdings TO pp_importer;
GRANT SELECT ON TABLE place_holdings TO pp_admin;

CREATE TABLE place_imports (
    id uuid NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    checksum text NOT NULL,
    observed_on date,
    country text,
    state text DEFAULT 'running'::text NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    places integer DEFAULT 0 NOT NULL,
    left_out integer DEFAULT 0 NOT NULL,
    bad_records integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    lost_records integer DEFAULT 0 NOT NULL,
    added integer DEFAULT 0 NOT NULL,
    updated integer DEFAULT 0 NOT NULL,
    changed integer DEFAULT 0 NOT NULL,
    closed integer DEFAULT 0 NOT NULL,
    hidden integer DEFAULT 0 NOT NULL,
    apart integer DEFAULT 0 NOT NULL,
    removed_at timestamp with time zone,
    unplaced integer DEFAULT 0 NOT NULL,
    CONSTRAINT place_imports_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT place_imports_state_check CHECK ((state = ANY (ARRAY['running'::text, 'stopped'::text, 'done'::text])))
);
ALTER TABLE ONLY place_imports
    ADD CONSTRAINT place_imports_name_checksum_key UNIQUE (name, checksum);
ALTER TABLE ONLY place_imports
    ADD CONSTRAINT place_imports_pkey PRIMARY KEY (id);
GRANT SELECT ON TABLE place_imports TO pp_web;
GRANT SELECT ON TABLE place_imports TO pp_worker;
GRANT SELECT ON TABLE place_imports TO pp_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE place_imports TO pp_importer;

CREATE TABLE place_kinds (
    kind text NOT NULL,
    cell integer NOT NULL,
    place_id bigint NOT NULL
);
ALTER TABLE ONLY place_kinds
    ADD CONSTRAINT place_kinds_pkey PRIMARY KEY (kind, cell, place_id);
CREATE INDEX place_kinds_place ON place_kinds USING btree (place_id);
ALTER TABLE ONLY place_kinds
    ADD CONSTRAINT place_kinds_place_id_fkey FOREIGN KEY (place_id) REFERENCES places(id) ON DELETE CASCADE;
GRANT SELECT ON TABLE place_kinds TO pp_web;
GRANT SELECT ON TABLE place_kinds TO pp_worker;
GRANT SELECT ON TABLE place_kinds TO pp_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE place_kinds TO pp_importer;

CREATE TABLE place_load_parts (
    load_id uuid NOT NULL,
    part text NOT NULL,
    data bytea NOT NULL,
    observed_on date
);
ALTER TABLE ONLY place_load_parts FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY place_load_parts
    ADD CONSTRAINT place_load_parts_pkey PRIMARY KEY (load_id, part);
ALTER TABLE ONLY place_load_parts
    ADD CONSTRAINT place_load_parts_load_id_fkey FOREIGN KEY (load_id) REFERENCES place_loads(id) ON DELETE CASCADE;
CREATE POLICY administrator ON place_load_parts FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON place_load_parts TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON place_load_parts TO pp_system USING (true) WITH CHECK (true);
ALTER TABLE place_load_parts ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE place_load_parts TO pp_system;
GRANT SELECT,INSERT ON TABLE place_load_parts TO pp_auth;
GRANT SELECT(load_id) ON TABLE place_load_parts TO pp_admin;

CREATE TABLE place_loads (
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    place text,
    file_name text,
    country text,
    observed_on date,
    is_complete boolean DEFAULT false NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    asked_by uuid,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    worked_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    turn bigint DEFAULT 0 NOT NULL,
    ended_at timestamp with time zone,
    stage text DEFAULT ''::text NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    said text DEFAULT ''::text NOT NULL,
    CONSTRAINT place_loads_kind_check CHECK ((kind = ANY (ARRAY['city'::text, 'osm'::text, 'places'::text, 'overture'::text, 'foursquare'::text, 'alltheplaces'::text, 'prh'::text, 'companies_house'::text, 'remove'::text]))),
    CONSTRAINT place_loads_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT place_loads_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'stopped'::text])))
);
ALTER TABLE ONLY place_loads FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY place_loads
    ADD CONSTRAINT place_loads_pkey PRIMARY KEY (id);
CREATE INDEX place_loads_newest ON place_loads USING btree (asked_at DESC);
CREATE UNIQUE INDEX place_loads_under_way ON place_loads USING btree (name) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));
ALTER TABLE ONLY place_loads
    ADD CONSTRAINT place_loads_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES users(id) ON DELETE SET NULL;
CREATE POLICY administrator ON place_loads FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON place_loads TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON place_loads TO pp_system USING (true) WITH CHECK (true);
ALTER TABLE place_loads ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE place_loads TO pp_system;
GRANT SELECT ON TABLE place_loads TO pp_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE place_loads TO pp_auth;

CREATE TABLE place_wishes (
    place text NOT NULL,
    user_id uuid NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT place_wishes_place_check CHECK (((length(place) >= 1) AND (length(place) <= 200)))
);
ALTER TABLE ONLY place_wishes FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY place_wishes
    ADD CONSTRAINT place_wishes_pkey PRIMARY KEY (place, user_id);
ALTER TABLE ONLY place_wishes
    ADD CONSTRAINT place_wishes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
CREATE POLICY administrator ON place_wishes FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON place_wishes TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON place_wishes TO pp_system USING (true) WITH CHECK (true);
ALTER TABLE place_wishes ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE place_wishes TO pp_admin;
GRANT SELECT,DELETE ON TABLE place_wishes TO pp_system;
GRANT SELECT,INSERT,DELETE ON TABLE place_wishes TO pp_auth;

CREATE TABLE places (
    id bigint NOT NULL,
    source text NOT NULL,
    source_ref text NOT NULL,
    import_id uuid NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    cell integer NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    street text,
    housenumber text,
    city text,
    postcode text,
    country text,
    phone text,
    website text,
    email text,
    opening_hours text,
    brand text,
    tags jsonb NOT NULL,
    words tsvector NOT NULL,
    observed_on date,
    ends_on date,
    gone_at timestamp with time zone,
    licence text DEFAULT 'ODbL-1.0'::text NOT NULL,
    attribution text DEFAULT '© OpenStreetMap contributors, https://www.openstreetmap.org/copyright'::text NOT NULL,
    is_closed boolean DEFAULT false NOT NULL,
    is_by_postcode boolean DEFAULT false NOT NULL,
    CONSTRAINT places_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT places_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT places_name_check CHECK ((name <> ''::text))
);
ALTER TABLE places ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME places_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY places
    ADD CONSTRAINT places_pkey PRIMARY KEY (id);
ALTER TABLE ONLY places
    ADD CONSTRAINT places_source_source_ref_key UNIQUE (source, source_ref);
CREATE INDEX places_category_cell ON places USING btree (category, cell) WHERE (gone_at IS NULL);
CREATE INDEX places_category_fine ON places USING btree (category, fine_cell(lat, lon)) WHERE (gone_at IS NULL);
CREATE INDEX places_cell ON places USING btree (cell) WHERE (gone_at IS NULL);
CREATE INDEX places_closed ON places USING btree (category, cell) WHERE is_closed;
CREATE INDEX places_import ON places USING btree (import_id);
CREATE INDEX places_words ON places USING gin (words) WHERE (gone_at IS NULL);
ALTER TABLE ONLY places
    ADD CONSTRAINT places_import_id_fkey FOREIGN KEY (import_id) REFERENCES place_imports(id);
GRANT SELECT ON TABLE places TO pp_web;
GRANT SELECT ON TABLE places TO pp_worker;
GRANT SELECT ON TABLE places TO pp_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE places TO pp_importer;

CREATE TABLE plan_leads (
    workspace_id uuid NOT NULL,
    month date NOT NULL,
    campaign_id uuid NOT NULL,
    base integer NOT NULL,
    promised integer NOT NULL,
    used integer DEFAULT 0 NOT NULL,
    CONSTRAINT plan_leads_base_check CHECK ((base >= 0)),
    CONSTRAINT plan_leads_promised_check CHECK ((promised >= 0)),
    CONSTRAINT plan_leads_used_check CHECK ((used >= 0))
);
ALTER TABLE ONLY plan_leads FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY plan_leads
    ADD CONSTRAINT plan_leads_pkey PRIMARY KEY (workspace_id, month, campaign_id);
CREATE INDEX plan_leads_campaign ON plan_leads USING btree (workspace_id, campaign_id) WHERE (promised > 0);
ALTER TABLE ONLY plan_leads
    ADD CONSTRAINT plan_leads_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON plan_leads TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE plan_leads ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE plan_leads TO pp_auth;

CREATE TABLE postcode_points (
    country text NOT NULL,
    postcode text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    is_given boolean DEFAULT false NOT NULL
);
ALTER TABLE ONLY postcode_points FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY postcode_points
    ADD CONSTRAINT postcode_points_pkey PRIMARY KEY (country, postcode);
CREATE POLICY everywhere ON postcode_points TO pp_importer USING (true) WITH CHECK (true);
ALTER TABLE postcode_points ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE postcode_points TO pp_importer;

CREATE TABLE privacy_notes (
    workspace_id uuid NOT NULL,
    legal_basis text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_by uuid NOT NULL,
    CONSTRAINT privacy_notes_legal_basis_check CHECK ((length(legal_basis) <= 2000))
);
ALTER TABLE ONLY privacy_notes FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY privacy_notes
    ADD CONSTRAINT privacy_notes_pkey PRIMARY KEY (workspace_id);
ALTER TABLE ONLY privacy_notes
    ADD CONSTRAINT privacy_notes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY adds ON privacy_notes FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)) AND (updated_by = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY auth_reads ON privacy_notes FOR SELECT TO pp_auth USING (true);
CREATE POLICY changes ON privacy_notes FOR UPDATE TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as))) WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)) AND (updated_by = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY member ON privacy_notes FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE privacy_notes ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,UPDATE ON TABLE privacy_notes TO pp_web;
GRANT SELECT ON TABLE privacy_notes TO pp_auth;

CREATE TABLE provider_cache (
    provider text NOT NULL,
    operation text NOT NULL,
    argument_hash bytea NOT NULL,
    response jsonb NOT NULL,
    fetched_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY provider_cache FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY provider_cache
    ADD CONSTRAINT provider_cache_pkey PRIMARY KEY (provider, operation, argument_hash);
CREATE INDEX provider_cache_expiry ON provider_cache USING btree (expires_at);
ALTER TABLE provider_cache ENABLE ROW LEVEL SECURITY;
CREATE POLICY retention ON provider_cache TO pp_auth USING (true);
CREATE POLICY shared ON provider_cache TO pp_worker USING (true) WITH CHECK (true);
GRANT SELECT,INSERT,UPDATE ON TABLE provider_cache TO pp_worker;
GRANT SELECT,DELETE ON TABLE provider_cache TO pp_auth;

CREATE TABLE provider_calls (
    workspace_id uuid NOT NULL,
    key bytea NOT NULL,
    campaign_id uuid NOT NULL,
    provider text NOT NULL,
    operation text NOT NULL,
    arguments jsonb NOT NULL,
    state text NOT NULL,
    price_micros bigint NOT NULL,
    lease_token bigint NOT NULL,
    http_status integer,
    response jsonb,
    sent_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    id uuid NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    subject text,
    cost_micros bigint DEFAULT 0 NOT NULL,
    saved_micros bigint DEFAULT 0 NOT NULL,
    found boolean,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    may_repeat boolean DEFAULT false NOT NULL,
    holder bytea DEFAULT app_lease_hash(),
    CONSTRAINT provider_calls_check CHECK (((cost_micros >= 0) AND (cost_micros <= price_micros))),
    CONSTRAINT provider_calls_price_micros_check CHECK ((price_micros >= 0)),
    CONSTRAINT provider_calls_saved_micros_check CHECK ((saved_micros >= 0)),
    CONSTRAINT provider_calls_state_check CHECK ((state = ANY (ARRAY['intent'::text, 'done'::text, 'failed_free'::text, 'unknown'::text, 'held'::text, 'spared'::text])))
);
ALTER TABLE ONLY provider_calls FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY provider_calls
    ADD CONSTRAINT provider_calls_pkey PRIMARY KEY (workspace_id, key);
CREATE INDEX provider_calls_answered ON provider_calls USING btree (done_at) WHERE (response IS NOT NULL);
CREATE INDEX provider_calls_campaign ON provider_calls USING btree (workspace_id, campaign_id, sent_at);
CREATE UNIQUE INDEX provider_calls_id ON provider_calls USING btree (workspace_id, id);
CREATE INDEX provider_calls_newest ON provider_calls USING btree (workspace_id, created_at DESC, id DESC);
CREATE INDEX provider_calls_of_google ON provider_calls USING btree (done_at) WHERE (((provider = 'google_places'::text) AND ((response ? 'places'::text) OR ((response -> 'body'::text) ? 'places'::text))) OR ((provider = 'google_geocoding'::text) AND (response IS NOT NULL)));
CREATE INDEX provider_calls_open ON provider_calls USING btree (sent_at) WHERE (state = 'intent'::text);
CREATE INDEX provider_calls_paid ON provider_calls USING btree (workspace_id, sent_at) INCLUDE (cost_micros) WHERE (cost_micros > 0);
CREATE INDEX provider_calls_question ON provider_calls USING btree (provider, operation, md5((arguments)::text));
CREATE INDEX provider_calls_sent ON provider_calls USING brin (sent_at);
CREATE TRIGGER bulk_counts_change AFTER UPDATE ON provider_calls FOR EACH ROW WHEN ((spend_counts(new.state, new.price_micros, new.cost_micros) <> spend_counts(old.state, old.price_micros, old.cost_micros))) EXECUTE FUNCTION bulk_count();
CREATE TRIGGER bulk_counts_new AFTER INSERT ON provider_calls FOR EACH ROW WHEN ((spend_counts(new.state, new.price_micros, new.cost_micros) > 0)) EXECUTE FUNCTION bulk_count();
CREATE TRIGGER call_sums_change AFTER UPDATE ON provider_calls FOR EACH ROW WHEN (((old.state <> new.state) OR (old.cost_micros <> new.cost_micros) OR (old.saved_micros <> new.saved_micros) OR (old.found IS DISTINCT FROM new.found) OR (old.sent_at <> new.sent_at) OR (old.provider <> new.provider) OR (old.campaign_id <> new.campaign_id))) EXECUTE FUNCTION call_sums_keep();
CREATE TRIGGER call_sums_gone AFTER DELETE ON provider_calls FOR EACH ROW WHEN (((old.state = ANY (ARRAY['done'::text, 'unknown'::text])) OR (old.cost_micros > 0) OR (old.saved_micros > 0))) EXECUTE FUNCTION call_sums_keep();
CREATE TRIGGER call_sums_new AFTER INSERT ON provider_calls FOR EACH ROW WHEN (((new.state = ANY (ARRAY['done'::text, 'unknown'::text])) OR (new.cost_micros > 0) OR (new.saved_micros > 0))) EXECUTE FUNCTION call_sums_keep();
CREATE TRIGGER spend_counts_change AFTER UPDATE ON provider_calls FOR EACH ROW WHEN (((spend_counts(new.state, new.price_micros, new.cost_micros) <> spend_counts(old.state, old.price_micros, old.cost_micros)) OR ((new.sent_at <> old.sent_at) AND (spend_counts(new.state, new.price_micros, new.cost_micros) > 0)))) EXECUTE FUNCTION spend_count();
CREATE TRIGGER spend_counts_new AFTER INSERT ON provider_calls FOR EACH ROW WHEN ((spend_counts(new.state, new.price_micros, new.cost_micros) > 0)) EXECUTE FUNCTION spend_count();
CREATE TRIGGER wallet_counts_change AFTER UPDATE ON provider_calls FOR EACH ROW WHEN ((spend_counts(new.state, new.price_micros, new.cost_micros) <> spend_counts(old.state, old.price_micros, old.cost_micros))) EXECUTE FUNCTION wallet_count();
CREATE TRIGGER wallet_counts_new AFTER INSERT ON provider_calls FOR EACH ROW WHEN ((spend_counts(new.state, new.price_micros, new.cost_micros) > 0)) EXECUTE FUNCTION wallet_count();
ALTER TABLE ONLY provider_calls
    ADD CONSTRAINT provider_calls_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY administrator ON provider_calls FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY everywhere ON provider_calls TO pp_system USING (true);
CREATE POLICY held ON provider_calls TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY ledger ON provider_calls TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY member ON provider_calls FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE provider_calls ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE provider_calls TO pp_web;
GRANT SELECT,INSERT,UPDATE ON TABLE provider_calls TO pp_worker;
GRANT SELECT,UPDATE ON TABLE provider_calls TO pp_auth;
GRANT SELECT(workspace_id) ON TABLE provider_calls TO pp_system;
GRANT SELECT(workspace_id) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(key) ON TABLE provider_calls TO pp_system;
GRANT SELECT(campaign_id) ON TABLE provider_calls TO pp_system;
GRANT SELECT(campaign_id) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(provider) ON TABLE provider_calls TO pp_system;
GRANT SELECT(provider) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(operation) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(state),UPDATE(state) ON TABLE provider_calls TO pp_system;
GRANT SELECT(state) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(price_micros) ON TABLE provider_calls TO pp_system;
GRANT SELECT(price_micros) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(http_status) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(sent_at) ON TABLE provider_calls TO pp_system;
GRANT SELECT(sent_at) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(done_at) ON TABLE provider_calls TO pp_system;
GRANT SELECT(done_at) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(id) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(attempt) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(cost_micros) ON TABLE provider_calls TO pp_system;
GRANT SELECT(cost_micros) ON TABLE provider_calls TO pp_admin;
GRANT SELECT(found) ON TABLE provider_calls TO pp_admin;

CREATE TABLE provider_choices (
    id bigint NOT NULL,
    provider text NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY provider_choices FORCE ROW LEVEL SECURITY;
ALTER TABLE provider_choices ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME provider_choices_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY provider_choices
    ADD CONSTRAINT provider_choices_pkey PRIMARY KEY (id);
CREATE INDEX provider_choices_newest ON provider_choices USING btree (provider, name, id DESC);
CREATE POLICY decided ON provider_choices FOR INSERT TO pp_admin WITH CHECK ((( SELECT app_is_admin() AS app_is_admin) AND (decided_by = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY everybody ON provider_choices FOR SELECT TO pp_admin, pp_system, pp_web, pp_worker USING (true);
ALTER TABLE provider_choices ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE provider_choices TO pp_web;
GRANT SELECT ON TABLE provider_choices TO pp_worker;
GRANT SELECT ON TABLE provider_choices TO pp_system;
GRANT SELECT,INSERT ON TABLE provider_choices TO pp_admin;

CREATE TABLE provider_credit (
    provider text NOT NULL,
    left_over double precision NOT NULL,
    whole double precision,
    most double precision NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY provider_credit FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY provider_credit
    ADD CONSTRAINT provider_credit_pkey PRIMARY KEY (provider);
CREATE POLICY administrator ON provider_credit FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON provider_credit TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everybody ON provider_credit FOR SELECT TO pp_web USING (true);
CREATE POLICY everywhere ON provider_credit TO pp_system USING (true) WITH CHECK (true);
ALTER TABLE provider_credit ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE provider_credit TO pp_system;
GRANT SELECT ON TABLE provider_credit TO pp_admin;
GRANT SELECT ON TABLE provider_credit TO pp_web;
GRANT SELECT,DELETE ON TABLE provider_credit TO pp_auth;

CREATE TABLE provider_flights (
    provider text NOT NULL,
    operation text NOT NULL,
    argument_hash bytea NOT NULL,
    holder uuid NOT NULL,
    until timestamp with time zone NOT NULL
);
ALTER TABLE ONLY provider_flights FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY provider_flights
    ADD CONSTRAINT provider_flights_pkey PRIMARY KEY (provider, operation, argument_hash);
ALTER TABLE provider_flights ENABLE ROW LEVEL SECURITY;
CREATE POLICY shared ON provider_flights TO pp_worker USING (true) WITH CHECK (true);
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE provider_flights TO pp_worker;

CREATE TABLE provider_status (
    provider text NOT NULL,
    state text NOT NULL,
    message text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT provider_status_state_check CHECK ((state = ANY (ARRAY['ok'::text, 'waiting'::text, 'refused'::text, 'exhausted'::text, 'unreachable'::text])))
);
ALTER TABLE ONLY provider_status FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY provider_status
    ADD CONSTRAINT provider_status_pkey PRIMARY KEY (provider);
CREATE POLICY everybody ON provider_status FOR SELECT TO pp_admin, pp_system, pp_web, pp_worker USING (true);
CREATE POLICY forgotten ON provider_status FOR DELETE TO pp_auth USING (true);
CREATE POLICY observed ON provider_status TO pp_worker USING (true) WITH CHECK (true);
CREATE POLICY observed_by_system ON provider_status TO pp_system USING (true) WITH CHECK (true);
ALTER TABLE provider_status ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_by_auth ON provider_status FOR SELECT TO pp_auth USING (true);
GRANT SELECT ON TABLE provider_status TO pp_web;
GRANT SELECT,INSERT,UPDATE ON TABLE provider_status TO pp_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE provider_status TO pp_system;
GRANT SELECT ON TABLE provider_status TO pp_admin;
GRANT SELECT,DELETE ON TABLE provider_status TO pp_auth;

CREATE TABLE provider_stops (
    provider text NOT NULL,
    is_stopped boolean NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_by uuid,
    CONSTRAINT provider_stops_provider_check CHECK ((provider ~ '^[a-z][a-z0-9_]{0,63}$'::text))
);
ALTER TABLE ONLY provider_stops FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY provider_stops
    ADD CONSTRAINT provider_stops_pkey PRIMARY KEY (provider);
CREATE INDEX provider_stops_changed_by ON provider_stops USING btree (changed_by) WHERE (changed_by IS NOT NULL);
ALTER TABLE ONLY provider_stops
    ADD CONSTRAINT provider_stops_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES users(id) ON DELETE SET NULL;
CREATE POLICY administrator ON provider_stops FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON provider_stops TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everybody ON provider_stops FOR SELECT TO pp_system, pp_web, pp_worker USING (true);
ALTER TABLE provider_stops ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE provider_stops TO pp_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE provider_stops TO pp_auth;
GRANT SELECT(provider) ON TABLE provider_stops TO pp_web;
GRANT SELECT(provider) ON TABLE provider_stops TO pp_worker;
GRANT SELECT(provider) ON TABLE provider_stops TO pp_system;
GRANT SELECT(is_stopped) ON TABLE provider_stops TO pp_web;
GRANT SELECT(is_stopped) ON TABLE provider_stops TO pp_worker;
GRANT SELECT(is_stopped) ON TABLE provider_stops TO pp_system;
GRANT SELECT(changed_at) ON TABLE provider_stops TO pp_web;
GRANT SELECT(changed_at) ON TABLE provider_stops TO pp_worker;
GRANT SELECT(changed_at) ON TABLE provider_stops TO pp_system;

CREATE TABLE quotes (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    spec jsonb NOT NULL,
    spec_hash bytea NOT NULL,
    plan jsonb NOT NULL,
    cost_low_micros bigint NOT NULL,
    cost_high_micros bigint NOT NULL,
    duration_low_s integer NOT NULL,
    duration_high_s integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '01:00:00'::interval) NOT NULL
);
ALTER TABLE ONLY quotes FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX quotes_age ON quotes USING btree (expires_at);
ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE POLICY adds ON quotes FOR INSERT TO pp_web WITH CHECK (((user_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))));
CREATE POLICY auth_all ON quotes TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE quotes ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON quotes FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
GRANT SELECT ON TABLE quotes TO pp_web;
GRANT SELECT,DELETE ON TABLE quotes TO pp_auth;
GRANT INSERT(workspace_id) ON TABLE quotes TO pp_web;
GRANT INSERT(id) ON TABLE quotes TO pp_web;
GRANT INSERT(user_id) ON TABLE quotes TO pp_web;
GRANT INSERT(spec) ON TABLE quotes TO pp_web;
GRANT INSERT(spec_hash) ON TABLE quotes TO pp_web;
GRANT INSERT(plan) ON TABLE quotes TO pp_web;
GRANT INSERT(cost_low_micros) ON TABLE quotes TO pp_web;
GRANT INSERT(cost_high_micros) ON TABLE quotes TO pp_web;
GRANT INSERT(duration_low_s) ON TABLE quotes TO pp_web;
GRANT INSERT(duration_high_s) ON TABLE quotes TO pp_web;

CREATE TABLE recovery_codes (
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone
);
ALTER TABLE ONLY recovery_codes FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash);
ALTER TABLE ONLY recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON recovery_codes TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE recovery_codes TO pp_auth;

GRANT SELECT ON TABLE running_sums TO pp_web;
GRANT SELECT ON TABLE running_sums TO pp_admin;
GRANT SELECT ON TABLE running_sums TO pp_auth;

CREATE TABLE saved_views (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    list text NOT NULL,
    name text NOT NULL,
    query jsonb NOT NULL,
    owner_id uuid,
    made_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT saved_views_list_check CHECK ((list = ANY (ARRAY['book'::text, 'campaign'::text]))),
    CONSTRAINT saved_views_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT saved_views_query_check CHECK (((jsonb_typeof(query) = 'object'::text) AND (length((query)::text) <= 20000)))
);
ALTER TABLE ONLY saved_views FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY saved_views
    ADD CONSTRAINT saved_views_pkey PRIMARY KEY (workspace_id, id);
CREATE UNIQUE INDEX saved_views_own ON saved_views USING btree (workspace_id, owner_id, list, lower(name)) WHERE (owner_id IS NOT NULL);
CREATE UNIQUE INDEX saved_views_shared ON saved_views USING btree (workspace_id, list, lower(name)) WHERE (owner_id IS NULL);
ALTER TABLE ONLY saved_views
    ADD CONSTRAINT saved_views_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY saved_views
    ADD CONSTRAINT saved_views_workspace_id_owner_id_fkey FOREIGN KEY (workspace_id, owner_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE POLICY adds ON saved_views FOR INSERT TO pp_web WITH CHECK (((made_by = ( SELECT app_user_id() AS app_user_id)) AND (owner_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces() AS app_workspaces))));
CREATE POLICY auth_all ON saved_views TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY changes ON saved_views FOR UPDATE TO pp_web USING ((((owner_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces() AS app_workspaces))) OR ((owner_id IS NULL) AND ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)) OR ((made_by = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as))))))) WITH CHECK ((((owner_id = ( SELECT app_user_id() AS app_user_id)) AND (made_by = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces() AS app_workspaces))) OR ((owner_id IS NULL) AND ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)) OR ((made_by = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)))))));
CREATE POLICY removes ON saved_views FOR DELETE TO pp_web USING ((((owner_id = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces() AS app_workspaces))) OR ((owner_id IS NULL) AND ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)) OR ((made_by = ( SELECT app_user_id() AS app_user_id)) AND (workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)))))));
ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON saved_views FOR SELECT TO pp_web USING (((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)) AND ((owner_id IS NULL) OR (owner_id = ( SELECT app_user_id() AS app_user_id)))));
GRANT SELECT,INSERT,DELETE ON TABLE saved_views TO pp_web;
GRANT SELECT,UPDATE ON TABLE saved_views TO pp_auth;
GRANT UPDATE(name) ON TABLE saved_views TO pp_web;
GRANT UPDATE(query) ON TABLE saved_views TO pp_web;
GRANT UPDATE(owner_id) ON TABLE saved_views TO pp_web;
GRANT UPDATE(changed_at) ON TABLE saved_views TO pp_web;

CREATE TABLE schedule_exports (
    workspace_id uuid NOT NULL,
    schedule_id uuid NOT NULL,
    format text NOT NULL,
    asked jsonb NOT NULL,
    target text NOT NULL,
    place jsonb NOT NULL,
    secret text,
    CONSTRAINT schedule_exports_format_check CHECK (((length(format) >= 1) AND (length(format) <= 60))),
    CONSTRAINT schedule_exports_target_check CHECK ((target = ANY (ARRAY['mail'::text, 'link'::text, 'sftp'::text, 's3'::text, 'webhook'::text])))
);
ALTER TABLE ONLY schedule_exports FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY schedule_exports
    ADD CONSTRAINT schedule_exports_pkey PRIMARY KEY (workspace_id, schedule_id);
ALTER TABLE ONLY schedule_exports
    ADD CONSTRAINT schedule_exports_workspace_id_schedule_id_fkey FOREIGN KEY (workspace_id, schedule_id) REFERENCES schedules(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON schedule_exports FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (EXISTS ( SELECT
   FROM schedules s
  WHERE ((s.workspace_id = schedule_exports.workspace_id) AND (s.id = schedule_exports.schedule_id) AND (s.created_by = ( SELECT app_user_id() AS app_user_id)) AND (s.spec IS NULL))))));
CREATE POLICY auth_all ON schedule_exports TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY changes ON schedule_exports FOR UPDATE TO pp_web USING (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (EXISTS ( SELECT
   FROM schedules s
  WHERE ((s.workspace_id = schedule_exports.workspace_id) AND (s.id = schedule_exports.schedule_id) AND ((s.created_by = ( SELECT app_user_id() AS app_user_id)) OR (s.workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as))))))));
ALTER TABLE schedule_exports ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees ON schedule_exports FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedule_exports TO pp_auth;
GRANT SELECT(workspace_id),INSERT(workspace_id) ON TABLE schedule_exports TO pp_web;
GRANT SELECT(schedule_id),INSERT(schedule_id) ON TABLE schedule_exports TO pp_web;
GRANT SELECT(format),INSERT(format),UPDATE(format) ON TABLE schedule_exports TO pp_web;
GRANT SELECT(asked),INSERT(asked),UPDATE(asked) ON TABLE schedule_exports TO pp_web;
GRANT SELECT(target),INSERT(target),UPDATE(target) ON TABLE schedule_exports TO pp_web;
GRANT SELECT(place),INSERT(place),UPDATE(place) ON TABLE schedule_exports TO pp_web;
GRANT INSERT(secret),UPDATE(secret) ON TABLE schedule_exports TO pp_web;

CREATE TABLE schedule_runs (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    schedule_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone DEFAULT now() NOT NULL,
    missed integer DEFAULT 0 NOT NULL,
    outcome text NOT NULL,
    campaign_id uuid,
    row_count integer,
    left_out integer,
    bytes bigint,
    place text,
    said text DEFAULT ''::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    try_at timestamp with time zone,
    sent_at timestamp with time zone,
    lease_hash bytea,
    lease_until timestamp with time zone,
    CONSTRAINT schedule_runs_missed_check CHECK ((missed >= 0)),
    CONSTRAINT schedule_runs_outcome_check CHECK ((outcome = ANY (ARRAY['ordered'::text, 'still_running'::text, 'month_spent'::text, 'limit_reached'::text, 'plan_reached'::text, 'wallet_empty'::text, 'making'::text, 'sent'::text, 'failed'::text, 'let_go'::text]))),
    CONSTRAINT schedule_runs_place_check CHECK ((length(place) <= 2000)),
    CONSTRAINT schedule_runs_said_check CHECK ((length(said) <= 1000))
);
ALTER TABLE ONLY schedule_runs FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY schedule_runs
    ADD CONSTRAINT schedule_runs_pkey PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY schedule_runs
    ADD CONSTRAINT schedule_runs_workspace_id_schedule_id_due_at_key UNIQUE (workspace_id, schedule_id, due_at);
CREATE INDEX schedule_runs_campaign ON schedule_runs USING btree (workspace_id, campaign_id) WHERE (campaign_id IS NOT NULL);
CREATE INDEX schedule_runs_newest ON schedule_runs USING btree (workspace_id, schedule_id, begun_at DESC);
CREATE INDEX schedule_runs_to_send ON schedule_runs USING btree (try_at) WHERE (try_at IS NOT NULL);
CREATE TRIGGER schedule_run_gone AFTER DELETE ON schedule_runs FOR EACH ROW EXECUTE FUNCTION schedule_run_gone();
ALTER TABLE ONLY schedule_runs
    ADD CONSTRAINT schedule_runs_workspace_id_campaign_id_fkey FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns(workspace_id, id) ON DELETE SET NULL (campaign_id);
ALTER TABLE ONLY schedule_runs
    ADD CONSTRAINT schedule_runs_workspace_id_schedule_id_fkey FOREIGN KEY (workspace_id, schedule_id) REFERENCES schedules(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY auth_all ON schedule_runs TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY member ON schedule_runs FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE schedule_runs ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE schedule_runs TO pp_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedule_runs TO pp_auth;

CREATE TABLE schedules (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    created_by uuid NOT NULL,
    name text NOT NULL,
    spec jsonb,
    cron text NOT NULL,
    time_zone text NOT NULL,
    month_micros bigint,
    next_at timestamp with time zone,
    paused_at timestamp with time zone,
    pause_cause text,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT schedules_check CHECK (((next_at IS NULL) = (paused_at IS NOT NULL))),
    CONSTRAINT schedules_check1 CHECK (((paused_at IS NULL) = (pause_cause IS NULL))),
    CONSTRAINT schedules_cron_check CHECK (((length(cron) >= 9) AND (length(cron) <= 100))),
    CONSTRAINT schedules_month_micros_check CHECK (((month_micros >= 0) AND (month_micros <= '10000000000'::bigint))),
    CONSTRAINT schedules_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT schedules_pause_cause_check CHECK ((pause_cause = ANY (ARRAY['person'::text, 'failures'::text, 'no_right'::text, 'never'::text, 'plan'::text]))),
    CONSTRAINT schedules_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
ALTER TABLE ONLY schedules FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX schedules_due ON schedules USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE TRIGGER plan_schedules_admit BEFORE INSERT OR UPDATE OF paused_at ON schedules FOR EACH ROW EXECUTE FUNCTION plan_schedules_admit();
CREATE TRIGGER schedule_admits BEFORE INSERT OR UPDATE OF spec, month_micros ON schedules FOR EACH ROW EXECUTE FUNCTION schedule_admits();
CREATE TRIGGER schedule_brought_on BEFORE UPDATE OF next_at ON schedules FOR EACH ROW WHEN (((new.next_at IS NOT NULL) AND (new.spec IS NOT NULL))) EXECUTE FUNCTION schedule_brought_on();
CREATE TRIGGER schedule_noted AFTER INSERT OR DELETE OR UPDATE ON schedules FOR EACH ROW EXECUTE FUNCTION schedule_noted();
ALTER TABLE ONLY schedules
    ADD CONSTRAINT schedules_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY adds ON schedules FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (created_by = ( SELECT app_user_id() AS app_user_id))));
CREATE POLICY auth_all ON schedules TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY changes ON schedules FOR UPDATE TO pp_web USING (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND ((created_by = ( SELECT app_user_id() AS app_user_id)) OR (workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)))));
CREATE POLICY member ON schedules FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY removes ON schedules FOR DELETE TO pp_web USING (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND ((created_by = ( SELECT app_user_id() AS app_user_id)) OR (workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)))));
ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE ON TABLE schedules TO pp_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedules TO pp_auth;
GRANT UPDATE(name) ON TABLE schedules TO pp_web;
GRANT UPDATE(spec) ON TABLE schedules TO pp_web;
GRANT UPDATE(cron) ON TABLE schedules TO pp_web;
GRANT UPDATE(time_zone) ON TABLE schedules TO pp_web;
GRANT UPDATE(month_micros) ON TABLE schedules TO pp_web;
GRANT UPDATE(next_at) ON TABLE schedules TO pp_web;
GRANT UPDATE(paused_at) ON TABLE schedules TO pp_web;
GRANT UPDATE(pause_cause) ON TABLE schedules TO pp_web;
GRANT UPDATE(changed_at) ON TABLE schedules TO pp_web;

CREATE TABLE second_factors (
    user_id uuid NOT NULL,
    secret text NOT NULL,
    last_step bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY second_factors FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY second_factors
    ADD CONSTRAINT second_factors_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY second_factors
    ADD CONSTRAINT second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON second_factors TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE second_factors ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE second_factors TO pp_auth;

CREATE TABLE sessions (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    workspace_id uuid,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    idle_s integer DEFAULT 604800 NOT NULL,
    kind text DEFAULT 'web'::text NOT NULL,
    device text DEFAULT ''::text NOT NULL,
    ip text DEFAULT ''::text NOT NULL,
    passed_at timestamp with time zone DEFAULT now(),
    CONSTRAINT sessions_kind_check CHECK ((kind = ANY (ARRAY['web'::text, 'command'::text, 'guest'::text])))
);
ALTER TABLE ONLY sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);
CREATE UNIQUE INDEX sessions_id ON sessions USING btree (id);
CREATE INDEX sessions_user ON sessions USING btree (user_id);
ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE SET NULL;
CREATE POLICY auth_all ON sessions TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sessions TO pp_auth;

CREATE TABLE sign_in_identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY sign_in_identities FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY sign_in_identities
    ADD CONSTRAINT sign_in_identities_pkey PRIMARY KEY (issuer, subject);
CREATE UNIQUE INDEX sign_in_identities_user ON sign_in_identities USING btree (user_id, issuer);
ALTER TABLE ONLY sign_in_identities
    ADD CONSTRAINT sign_in_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON sign_in_identities TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE sign_in_identities ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sign_in_identities TO pp_auth;

CREATE TABLE sign_in_throttle (
    bucket bytea NOT NULL,
    failures integer NOT NULL,
    since timestamp with time zone NOT NULL
);
ALTER TABLE ONLY sign_in_throttle FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY sign_in_throttle
    ADD CONSTRAINT sign_in_throttle_pkey PRIMARY KEY (bucket);
CREATE POLICY auth_all ON sign_in_throttle TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE sign_in_throttle ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sign_in_throttle TO pp_auth;

CREATE TABLE sign_in_tickets (
    id uuid NOT NULL,
    user_id uuid,
    forgiven bytea[] NOT NULL,
    lessened bytea[] NOT NULL,
    known_device boolean NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY sign_in_tickets FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY sign_in_tickets
    ADD CONSTRAINT sign_in_tickets_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sign_in_tickets
    ADD CONSTRAINT sign_in_tickets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON sign_in_tickets TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE sign_in_tickets ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE sign_in_tickets TO pp_auth;

CREATE TABLE spend_counters (
    limit_id bigint NOT NULL,
    starts date NOT NULL,
    used_micros bigint NOT NULL
)
WITH (fillfactor='50');
ALTER TABLE ONLY spend_counters FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY spend_counters
    ADD CONSTRAINT spend_counters_pkey PRIMARY KEY (limit_id, starts);
ALTER TABLE ONLY spend_counters
    ADD CONSTRAINT spend_counters_limit_id_fkey FOREIGN KEY (limit_id) REFERENCES spend_limits(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON spend_counters TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE spend_counters ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE spend_counters TO pp_auth;

CREATE TABLE spend_limits (
    id bigint NOT NULL,
    workspace_id uuid,
    user_id uuid,
    scope text GENERATED ALWAYS AS (
CASE
    WHEN (workspace_id IS NULL) THEN 'installation'::text
    WHEN (user_id IS NULL) THEN 'workspace'::text
    ELSE 'person'::text
END) STORED NOT NULL,
    period text NOT NULL,
    micros bigint NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT spend_limits_check CHECK (((workspace_id IS NOT NULL) OR (user_id IS NULL))),
    CONSTRAINT spend_limits_micros_check CHECK (((micros >= 0) AND (micros <= '1000000000000'::bigint))),
    CONSTRAINT spend_limits_period_check CHECK ((period = ANY (ARRAY['day'::text, 'month'::text])))
);
ALTER TABLE ONLY spend_limits FORCE ROW LEVEL SECURITY;
ALTER TABLE spend_limits ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME spend_limits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY spend_limits
    ADD CONSTRAINT spend_limits_pkey PRIMARY KEY (id);
ALTER TABLE ONLY spend_limits
    ADD CONSTRAINT spend_limits_workspace_id_user_id_period_key UNIQUE NULLS NOT DISTINCT (workspace_id, user_id, period);
ALTER TABLE ONLY spend_limits
    ADD CONSTRAINT spend_limits_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY spend_limits
    ADD CONSTRAINT spend_limits_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE POLICY auth_all ON spend_limits TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE spend_limits ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE spend_limits TO pp_auth;

CREATE TABLE spend_sums (
    workspace_id uuid NOT NULL,
    day date NOT NULL,
    user_id uuid NOT NULL,
    provider text NOT NULL,
    calls bigint NOT NULL,
    asked bigint NOT NULL,
    hits bigint NOT NULL,
    cost_micros bigint NOT NULL,
    saved_micros bigint NOT NULL,
    missed_micros bigint NOT NULL,
    uncertain_micros bigint NOT NULL,
    ordered_micros bigint NOT NULL,
    usable bigint NOT NULL,
    is_new boolean DEFAULT true NOT NULL
);
ALTER TABLE ONLY spend_sums FORCE ROW LEVEL SECURITY;
CREATE INDEX spend_sums_day ON spend_sums USING btree (day);
CREATE INDEX spend_sums_key ON spend_sums USING btree (workspace_id, day, provider, user_id);
CREATE INDEX spend_sums_new ON spend_sums USING btree (workspace_id) WHERE is_new;
CREATE POLICY administrator ON spend_sums FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON spend_sums TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY member ON spend_sums FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE spend_sums ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE ON TABLE spend_sums TO pp_auth;
GRANT SELECT ON TABLE spend_sums TO pp_web;
GRANT SELECT ON TABLE spend_sums TO pp_admin;

CREATE TABLE suppressed_companies (
    workspace_id uuid NOT NULL,
    company_id uuid NOT NULL,
    value_hash bytea NOT NULL
);
ALTER TABLE ONLY suppressed_companies FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY suppressed_companies
    ADD CONSTRAINT suppressed_companies_pkey PRIMARY KEY (workspace_id, company_id, value_hash);
CREATE INDEX suppressed_companies_by_value ON suppressed_companies USING btree (workspace_id, value_hash);
ALTER TABLE ONLY suppressed_companies
    ADD CONSTRAINT suppressed_companies_workspace_id_company_id_fkey FOREIGN KEY (workspace_id, company_id) REFERENCES companies(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY adds ON suppressed_companies FOR INSERT TO pp_web WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)));
CREATE POLICY auth_all ON suppressed_companies TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON suppressed_companies TO pp_system USING (true) WITH CHECK (true);
CREATE POLICY held ON suppressed_companies TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY member ON suppressed_companies FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE suppressed_companies ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE suppressed_companies TO pp_auth;
GRANT SELECT,INSERT ON TABLE suppressed_companies TO pp_web;
GRANT SELECT,INSERT ON TABLE suppressed_companies TO pp_worker;
GRANT SELECT,INSERT ON TABLE suppressed_companies TO pp_system;

CREATE TABLE suppressions (
    workspace_id uuid NOT NULL,
    value_hash bytea NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    hint text DEFAULT ''::text NOT NULL,
    added_by uuid,
    list_id uuid,
    CONSTRAINT suppressions_hint_check CHECK ((length(hint) <= 100)),
    CONSTRAINT suppressions_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'domain'::text, 'phone'::text, 'company'::text]))),
    CONSTRAINT suppressions_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT suppressions_source_check CHECK ((source = ANY (ARRAY['typed'::text, 'file'::text, 'command'::text, 'provider'::text, 'erasure'::text])))
);
ALTER TABLE ONLY suppressions FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY suppressions
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (workspace_id, value_hash);
CREATE INDEX suppressions_newest ON suppressions USING btree (workspace_id, created_at DESC, value_hash);
CREATE INDEX suppressions_of_list ON suppressions USING btree (workspace_id, list_id) WHERE (list_id IS NOT NULL);
CREATE TRIGGER suppressed_forget AFTER INSERT ON suppressions FOR EACH ROW WHEN ((new.source = 'erasure'::text)) EXECUTE FUNCTION suppressed_forget();
ALTER TABLE ONLY suppressions
    ADD CONSTRAINT suppressions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY suppressions
    ADD CONSTRAINT suppressions_workspace_id_list_id_fkey FOREIGN KEY (workspace_id, list_id) REFERENCES lists(workspace_id, id) ON DELETE SET NULL (list_id);
CREATE POLICY adds ON suppressions FOR INSERT TO pp_web WITH CHECK (((workspace_id IN ( SELECT app_workspaces_as('member'::text) AS app_workspaces_as)) AND (added_by = ( SELECT app_user_id() AS app_user_id)) AND (source = ANY (ARRAY['typed'::text, 'file'::text, 'command'::text]))));
CREATE POLICY auth_all ON suppressions TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY content ON suppressions FOR SELECT TO pp_auth USING (true);
CREATE POLICY held ON suppressions TO pp_worker USING ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace))) WITH CHECK ((workspace_id = ( SELECT app_job_workspace() AS app_job_workspace)));
CREATE POLICY member ON suppressions FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
CREATE POLICY of_lists ON suppressions TO pp_system USING (true) WITH CHECK (((source = 'file'::text) AND (list_id IS NOT NULL)));
ALTER TABLE suppressions ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT ON TABLE suppressions TO pp_worker;
GRANT SELECT,INSERT ON TABLE suppressions TO pp_web;
GRANT SELECT,INSERT,DELETE ON TABLE suppressions TO pp_auth;
GRANT SELECT,INSERT ON TABLE suppressions TO pp_system;
GRANT UPDATE(list_id) ON TABLE suppressions TO pp_auth;

CREATE TABLE switches (
    name text NOT NULL,
    is_on boolean NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY switches FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY switches
    ADD CONSTRAINT switches_pkey PRIMARY KEY (name);
CREATE POLICY administrator ON switches FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON switches TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON switches FOR SELECT TO pp_system USING (true);
ALTER TABLE switches ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE switches TO pp_system;
GRANT SELECT ON TABLE switches TO pp_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE switches TO pp_auth;

CREATE TABLE used_challenges (
    challenge_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY used_challenges FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY used_challenges
    ADD CONSTRAINT used_challenges_pkey PRIMARY KEY (challenge_hash);
CREATE POLICY auth_all ON used_challenges TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE used_challenges ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE used_challenges TO pp_auth;

CREATE TABLE users (
    id uuid NOT NULL,
    email text NOT NULL,
    password_hash text,
    is_admin boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    mail_when text DEFAULT 'all'::text NOT NULL,
    email_unproved boolean DEFAULT false NOT NULL,
    deleted_at timestamp with time zone,
    guest_until timestamp with time zone,
    is_free boolean DEFAULT false NOT NULL,
    guest_network bytea,
    export_spelling jsonb DEFAULT '{}'::jsonb NOT NULL,
    mail_mentions boolean DEFAULT true NOT NULL,
    CONSTRAINT guests_get_no_mail CHECK (((guest_until IS NULL) OR (mail_when = 'never'::text))),
    CONSTRAINT users_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT users_mail_when_check CHECK ((mail_when = ANY (ARRAY['all'::text, 'problems'::text, 'never'::text])))
);
ALTER TABLE ONLY users FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
CREATE INDEX users_administrators ON users USING btree (id) WHERE is_admin;
CREATE UNIQUE INDEX users_email ON users USING btree (lower(email));
CREATE INDEX users_guests ON users USING btree (guest_network, created_at) WHERE (guest_network IS NOT NULL);
CREATE INDEX users_guests_until ON users USING btree (guest_until) WHERE (guest_until IS NOT NULL);
CREATE POLICY administrator ON users FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON users TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY colleague ON users FOR SELECT TO pp_web USING ((id IN ( SELECT m.user_id
   FROM memberships m
  WHERE (m.workspace_id IN ( SELECT app_workspaces() AS app_workspaces)))));
CREATE POLICY exported ON users FOR SELECT TO pp_worker USING ((id IN ( SELECT app_export_people() AS app_export_people)));
CREATE POLICY own ON users FOR SELECT TO pp_web USING ((id = ( SELECT app_user_id() AS app_user_id)));
CREATE POLICY own_wish ON users FOR UPDATE TO pp_web USING ((id = ( SELECT app_user_id() AS app_user_id))) WITH CHECK ((id = ( SELECT app_user_id() AS app_user_id)));
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE users TO pp_auth;
GRANT SELECT(id) ON TABLE users TO pp_web;
GRANT SELECT(id) ON TABLE users TO pp_admin;
GRANT SELECT(id) ON TABLE users TO pp_worker;
GRANT SELECT(email) ON TABLE users TO pp_web;
GRANT SELECT(email) ON TABLE users TO pp_admin;
GRANT SELECT(email) ON TABLE users TO pp_worker;
GRANT SELECT(is_admin) ON TABLE users TO pp_web;
GRANT SELECT(is_admin) ON TABLE users TO pp_admin;
GRANT SELECT(created_at) ON TABLE users TO pp_web;
GRANT SELECT(created_at) ON TABLE users TO pp_admin;
GRANT SELECT(disabled_at) ON TABLE users TO pp_admin;
GRANT SELECT(mail_when),UPDATE(mail_when) ON TABLE users TO pp_web;
GRANT SELECT(deleted_at) ON TABLE users TO pp_admin;
GRANT SELECT(guest_until) ON TABLE users TO pp_admin;
GRANT SELECT(is_free) ON TABLE users TO pp_admin;
GRANT SELECT(export_spelling),UPDATE(export_spelling) ON TABLE users TO pp_web;
GRANT SELECT(mail_mentions),UPDATE(mail_mentions) ON TABLE users TO pp_web;

CREATE TABLE visits (
    workspace_id uuid NOT NULL,
    user_id uuid NOT NULL,
    latest_at timestamp with time zone DEFAULT now() NOT NULL,
    before_at timestamp with time zone
);
ALTER TABLE ONLY visits FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY visits
    ADD CONSTRAINT visits_pkey PRIMARY KEY (workspace_id, user_id);
ALTER TABLE ONLY visits
    ADD CONSTRAINT visits_workspace_id_user_id_fkey FOREIGN KEY (workspace_id, user_id) REFERENCES memberships(workspace_id, user_id) ON DELETE CASCADE;
CREATE POLICY auth_all ON visits TO pp_auth USING (true) WITH CHECK (true);
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE visits TO pp_auth;

CREATE TABLE wallet_entries (
    workspace_id uuid NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    micros bigint NOT NULL,
    charge_id text,
    campaign_id uuid,
    call_id uuid,
    is_test boolean DEFAULT false NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT wallet_entries_charge_id_check CHECK ((length(charge_id) <= 255)),
    CONSTRAINT wallet_entries_check CHECK (((kind = 'spend'::text) = (call_id IS NOT NULL))),
    CONSTRAINT wallet_entries_check1 CHECK (((kind = 'spend'::text) = (charge_id IS NULL))),
    CONSTRAINT wallet_entries_kind_check CHECK ((kind = ANY (ARRAY['top_up'::text, 'refund'::text, 'dispute'::text, 'spend'::text]))),
    CONSTRAINT wallet_entries_micros_check CHECK ((micros <> 0))
);
ALTER TABLE ONLY wallet_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE wallet_entries ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME wallet_entries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY wallet_entries
    ADD CONSTRAINT wallet_entries_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX wallet_entries_call ON wallet_entries USING btree (workspace_id, call_id) WHERE (call_id IS NOT NULL);
CREATE INDEX wallet_entries_charge ON wallet_entries USING btree (charge_id) WHERE (charge_id IS NOT NULL);
CREATE INDEX wallet_entries_newest ON wallet_entries USING btree (workspace_id, at DESC);
ALTER TABLE ONLY wallet_entries
    ADD CONSTRAINT wallet_entries_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES wallets(workspace_id) ON DELETE CASCADE;
CREATE POLICY auth_all ON wallet_entries TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY member ON wallet_entries FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE wallet_entries ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE wallet_entries TO pp_web;
GRANT SELECT,INSERT ON TABLE wallet_entries TO pp_auth;

CREATE TABLE wallets (
    workspace_id uuid NOT NULL,
    balance_micros bigint DEFAULT 0 NOT NULL,
    owed_micros bigint DEFAULT 0 NOT NULL,
    differs_since timestamp with time zone,
    CONSTRAINT wallets_balance_micros_check CHECK ((balance_micros >= 0)),
    CONSTRAINT wallets_check CHECK (((balance_micros = 0) OR (owed_micros = 0))),
    CONSTRAINT wallets_owed_micros_check CHECK ((owed_micros >= 0))
);
ALTER TABLE ONLY wallets FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY wallets
    ADD CONSTRAINT wallets_pkey PRIMARY KEY (workspace_id);
CREATE TRIGGER billing_wallet_low AFTER UPDATE OF balance_micros ON wallets FOR EACH ROW WHEN (((new.balance_micros < 5000000) AND (old.balance_micros >= 5000000))) EXECUTE FUNCTION billing_wallet_low();
ALTER TABLE ONLY wallets
    ADD CONSTRAINT wallets_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY administrator ON wallets FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON wallets TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON wallets FOR SELECT TO pp_system USING (true);
CREATE POLICY member ON wallets FOR SELECT TO pp_web USING ((workspace_id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE wallets ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE wallets TO pp_web;
GRANT SELECT,INSERT,UPDATE ON TABLE wallets TO pp_auth;
GRANT SELECT(differs_since) ON TABLE wallets TO pp_system;
GRANT SELECT(differs_since) ON TABLE wallets TO pp_admin;

CREATE TABLE webhook_deliveries (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    event text NOT NULL,
    data jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone DEFAULT now(),
    tries integer DEFAULT 0 NOT NULL,
    tried_at timestamp with time zone,
    status integer,
    problem text,
    delivered_at timestamp with time zone,
    CONSTRAINT webhook_deliveries_check CHECK (((due_at IS NULL) OR (delivered_at IS NULL))),
    CONSTRAINT webhook_deliveries_data_check CHECK ((jsonb_typeof(data) = 'object'::text))
);
ALTER TABLE ONLY webhook_deliveries FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (workspace_id, id);
CREATE INDEX webhook_deliveries_at ON webhook_deliveries USING btree (created_at);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX webhook_deliveries_of ON webhook_deliveries USING btree (workspace_id, webhook_id, created_at DESC, id DESC);
ALTER TABLE ONLY webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_workspace_id_webhook_id_fkey FOREIGN KEY (workspace_id, webhook_id) REFERENCES webhooks(workspace_id, id) ON DELETE CASCADE;
CREATE POLICY auth_all ON webhook_deliveries TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY everywhere ON webhook_deliveries FOR SELECT TO pp_system USING (true);
CREATE POLICY manager ON webhook_deliveries TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as))) WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE webhook_deliveries TO pp_auth;
GRANT SELECT ON TABLE webhook_deliveries TO pp_web;
GRANT SELECT(due_at) ON TABLE webhook_deliveries TO pp_system;

CREATE TABLE webhooks (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    events text[] NOT NULL,
    secret text NOT NULL,
    earlier_secret text,
    earlier_until timestamp with time zone,
    created_by uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    paused_at timestamp with time zone,
    CONSTRAINT webhooks_check CHECK (((earlier_secret IS NULL) = (earlier_until IS NULL))),
    CONSTRAINT webhooks_events_check CHECK (((cardinality(events) >= 1) AND (cardinality(events) <= 20))),
    CONSTRAINT webhooks_events_check1 CHECK ((array_position(events, NULL::text) IS NULL)),
    CONSTRAINT webhooks_url_check CHECK (((length(url) >= 12) AND (length(url) <= 500))),
    CONSTRAINT webhooks_url_check1 CHECK ((url ~ '^https://'::text))
);
ALTER TABLE ONLY webhooks FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (workspace_id, id);
CREATE TRIGGER webhook_most BEFORE INSERT ON webhooks FOR EACH ROW EXECUTE FUNCTION webhook_most();
CREATE TRIGGER webhook_noted AFTER INSERT OR DELETE OR UPDATE ON webhooks FOR EACH ROW EXECUTE FUNCTION webhook_noted();
ALTER TABLE ONLY webhooks
    ADD CONSTRAINT webhooks_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE;
CREATE POLICY auth_all ON webhooks TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY manager ON webhooks TO pp_web USING ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as))) WITH CHECK ((workspace_id IN ( SELECT app_workspaces_as('admin'::text) AS app_workspaces_as)));
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE webhooks TO pp_auth;
GRANT DELETE ON TABLE webhooks TO pp_web;
GRANT SELECT(workspace_id),INSERT(workspace_id) ON TABLE webhooks TO pp_web;
GRANT SELECT(id),INSERT(id) ON TABLE webhooks TO pp_web;
GRANT SELECT(url),INSERT(url),UPDATE(url) ON TABLE webhooks TO pp_web;
GRANT SELECT(events),INSERT(events),UPDATE(events) ON TABLE webhooks TO pp_web;
GRANT INSERT(secret) ON TABLE webhooks TO pp_web;
GRANT SELECT(earlier_until) ON TABLE webhooks TO pp_web;
GRANT SELECT(created_by),INSERT(created_by) ON TABLE webhooks TO pp_web;
GRANT SELECT(created_at) ON TABLE webhooks TO pp_web;
GRANT SELECT(paused_at),UPDATE(paused_at) ON TABLE webhooks TO pp_web;

CREATE TABLE workers (
    name text NOT NULL,
    pid integer NOT NULL,
    host text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    stopped_at timestamp with time zone,
    memory_bytes bigint,
    rests_since timestamp with time zone,
    version text,
    schema_version text
);
ALTER TABLE ONLY workers FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (name);
CREATE POLICY administrator ON workers FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY everywhere ON workers TO pp_system USING (true) WITH CHECK (true);
CREATE POLICY rests ON workers FOR UPDATE TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY seen ON workers FOR SELECT TO pp_auth USING (true);
ALTER TABLE workers ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workers TO pp_system;
GRANT SELECT ON TABLE workers TO pp_admin;
GRANT SELECT(name) ON TABLE workers TO pp_auth;
GRANT SELECT(seen_at) ON TABLE workers TO pp_auth;
GRANT SELECT(rests_since),UPDATE(rests_since) ON TABLE workers TO pp_auth;

CREATE TABLE workspaces (
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workspaces_name_check CHECK (((length(name) >= 1) AND (length(name) <= 254)))
);
ALTER TABLE ONLY workspaces FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY workspaces
    ADD CONSTRAINT workspaces_pkey PRIMARY KEY (id);
CREATE TRIGGER spend_sums_left AFTER DELETE ON workspaces FOR EACH ROW EXECUTE FUNCTION spend_sums_left();
CREATE POLICY administrator ON workspaces FOR SELECT TO pp_admin USING (( SELECT app_is_admin() AS app_is_admin));
CREATE POLICY auth_all ON workspaces TO pp_auth USING (true) WITH CHECK (true);
CREATE POLICY own ON workspaces FOR SELECT TO pp_web USING ((id IN ( SELECT app_workspaces() AS app_workspaces)));
ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workspaces TO pp_auth;
GRANT SELECT ON TABLE workspaces TO pp_web;
GRANT SELECT(id) ON TABLE workspaces TO pp_admin;
GRANT SELECT(name) ON TABLE workspaces TO pp_admin;

CREATE FUNCTION public.account_mail_came_to(link uuid, sent boolean, wait_s integer, why text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update account_links set error = why, sent_at = case when sent then now() end,
        dropped_at = case when not sent and wait_s is null then now() end,
        due_at = now() + make_interval(secs => coalesce(wait_s, 0))
    where id = link and sent_at is null
$$;
ALTER FUNCTION public.account_mail_came_to(link uuid, sent boolean, wait_s integer, why text) OWNER TO pp_auth;
CREATE FUNCTION public.account_mail_claim(hold_s integer) RETURNS TABLE(id uuid, kind text, recipient text, tries integer, claimed_at timestamp with time zone)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with taken as (
        update account_links l set tries = l.tries + 1, due_at = now() + make_interval(secs => hold_s)
        where l.id = (select d.id from account_links d join users u on u.id = d.user_id
            where d.is_mailed and d.sent_at is null and d.dropped_at is null and d.used_at is null
                and d.due_at <= now() and now() < d.expires_at and u.disabled_at is null
            order by d.created_at limit 1 for update of d skip locked)
        returning l.*)
    select t.id, t.kind, coalesce(t.new_email, u.email), t.tries, now() from taken t join users u on u.id = t.user_id
$$;
ALTER FUNCTION public.account_mail_claim(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.account_mails_due() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (select from account_links where is_mailed and sent_at is null and dropped_at is null
        and used_at is null and due_at <= now() and now() < expires_at)
$$;
ALTER FUNCTION public.account_mails_due() OWNER TO pp_auth;
CREATE FUNCTION public.admin_accounts(find text, before_at timestamp with time zone, before_id uuid, most integer) RETURNS TABLE(id uuid, email text, created_at timestamp with time zone, last_seen_at timestamp with time zone, administers boolean, disabled_at timestamp with time zone, workspaces bigint, guest_until timestamp with time zone, is_free boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select u.id, u.email, u.created_at,
        greatest((select max(s.last_used_at) from sessions s where s.user_id = u.id),
            (select max(k.last_used_at) from api_keys k where k.user_id = u.id)),
        u.is_admin, u.disabled_at, (select count(*) from memberships m where m.user_id = u.id), u.guest_until, u.is_free
    from users u
    where app_is_admin() and u.deleted_at is null and coalesce(u.guest_until > now(), true)
        and (find is null or strpos(lower(u.email), lower(find)) > 0)
        and (before_at is null or (u.created_at, u.id) < (before_at, before_id))
    order by u.created_at desc, u.id desc limit most
$$;
ALTER FUNCTION public.admin_accounts(find text, before_at timestamp with time zone, before_id uuid, most integer) OWNER TO pp_auth;
CREATE FUNCTION public.admin_delete(account uuid, heir uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare problem text := admin_refusal(account); home uuid; was text;
begin
    if problem is not null then return problem; end if;
    if account = app_user_id() then return 'own'; end if;
    if exists (select from users where id = account and guest_until is not null) then
        update users set guest_until = least(guest_until, now()) where id = account;
        perform admin_shut_out(account);
        perform auth_note(app_user_id(), 'guest_ended', null, account, '{}');
        return 'done';
    end if;
    if exists (select from memberships m where m.user_id = account and m.role = 'owner'
            and not workspace_is_empty(m.workspace_id))
        and not exists (select from users u where u.id = heir and u.id <> account and u.disabled_at is null
            and u.guest_until is null) then
        return 'heir';
    end if;
    for home in select m.workspace_id from memberships m where m.user_id = account and m.role = 'owner' loop
        if workspace_is_empty(home) then
            delete from workspaces where id = home;
        else
            update memberships set role = 'admin' where workspace_id = home and user_id = account;
            insert into memberships (workspace_id, user_id, role) values (home, heir, 'owner')
                on conflict (workspace_id, user_id) do update set role = 'owner';
            perform auth_note(app_user_id(), 'ownership_handed_over', home, heir, '{"by_administrator": true}');
        end if;
    end loop;
    perform admin_shut_out(account);
    -- With the row goes all that hangs on it, by which somebody could sign in; one of the same id keeps the books whole.
    delete from users where id = account returning email into was;
    insert into users (id, email, mail_when, disabled_at, deleted_at)
        values (account, 'deleted account ' || right(account::text, 12), 'never', now(), now());
    perform auth_note(app_user_id(), 'account_deleted', null, account, jsonb_build_object('email', was, 'heir', heir));
    return 'done';
end $$;
ALTER FUNCTION public.admin_delete(account uuid, heir uuid) OWNER TO pp_auth;
CREATE FUNCTION public.admin_disable(account uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    if account = app_user_id() then return 'own'; end if;
    update users set disabled_at = coalesce(disabled_at, now()) where id = account;
    perform admin_shut_out(account);
    perform auth_note(app_user_id(), 'account_disabled', null, account, '{}');
    return 'done';
end $$;
ALTER FUNCTION public.admin_disable(account uuid) OWNER TO pp_auth;
CREATE FUNCTION public.admin_enable(account uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    update users set disabled_at = null where id = account;
    perform auth_note(app_user_id(), 'account_enabled', null, account, '{}');
    return 'done';
end $$;
ALTER FUNCTION public.admin_enable(account uuid) OWNER TO pp_auth;
CREATE FUNCTION public.admin_refusal(account uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform pg_advisory_xact_lock(5277460002);
    if not app_is_admin() then return 'refused'; end if;
    if not exists (select from users where id = account and deleted_at is null) then return 'gone'; end if;
    return null;
end $$;
ALTER FUNCTION public.admin_refusal(account uuid) OWNER TO pp_auth;
CREATE FUNCTION public.admin_set_admin(account uuid, wanted boolean) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    if exists (select from users where id = account and guest_until is not null) then return 'guest'; end if;
    if not wanted and not exists (select from users
        where is_admin and disabled_at is null and deleted_at is null and id <> account) then return 'last'; end if;
    update users set is_admin = wanted where id = account;
    perform auth_note(app_user_id(), case when wanted then 'administrator_made' else 'administrator_unmade' end,
        null, account, '{}');
    return 'done';
end $$;
ALTER FUNCTION public.admin_set_admin(account uuid, wanted boolean) OWNER TO pp_auth;
CREATE FUNCTION public.admin_set_free(account uuid, wanted boolean) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare problem text := admin_refusal(account);
begin
    if problem is not null then return problem; end if;
    if exists (select from users where id = account and guest_until is not null) then return 'guest'; end if;
    update users set is_free = wanted where id = account;
    perform auth_note(app_user_id(), case when wanted then 'paid_orders_refused' else 'paid_orders_allowed' end,
        null, account, '{}');
    return 'done';
end $$;
ALTER FUNCTION public.admin_set_free(account uuid, wanted boolean) OWNER TO pp_auth;
CREATE FUNCTION public.admin_shut_out(account uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update sessions set revoked_at = coalesce(revoked_at, now()) where user_id = account;
    update api_keys set revoked_at = coalesce(revoked_at, now()) where user_id = account;
    update invitations set revoked_at = now(), mail_due_at = null
        where invited_by = account and accepted_at is null and revoked_at is null;
$$;
ALTER FUNCTION public.admin_shut_out(account uuid) OWNER TO pp_auth;
CREATE FUNCTION public.alert_mail_claim(hold integer) RETURNS TABLE(alert_id bigint, user_id uuid, recipient text, severity text, title text, why text, advice text, raised_at timestamp with time zone, tries integer, claimed_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update alert_mails m set due_at = null from alerts a
        where m.due_at <= now() and a.id = m.alert_id
            and (a.resolved_at is not null or a.raised_at < now() - interval '1 day');
    return query
        update alert_mails m set due_at = now() + make_interval(secs => hold), tries = m.tries + 1
            from alerts a, users u
            where a.id = m.alert_id and u.id = m.user_id and (m.alert_id, m.user_id) = (
                select d.alert_id, d.user_id from alert_mails d where d.due_at <= now()
                order by d.due_at limit 1 for update skip locked)
            returning m.alert_id, m.user_id, u.email, a.severity, a.title, a.why, a.advice, a.raised_at, m.tries, now();
end $$;
ALTER FUNCTION public.alert_mail_claim(hold integer) OWNER TO pp_auth;
CREATE FUNCTION public.alert_mail_done(alert bigint, whom uuid, problem text, again integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update alert_mails set error = problem, sent_at = case when problem is null then now() end,
            due_at = now() + make_interval(secs => again)
        where alert_id = alert and user_id = whom and sent_at is null
$$;
ALTER FUNCTION public.alert_mail_done(alert bigint, whom uuid, problem text, again integer) OWNER TO pp_auth;
CREATE FUNCTION public.alert_note(alert bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then return false; end if;
    update alerts set noted_at = now(), noted_by = app_user_id()
        where id = alert and resolved_at is null and noted_at is null;
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'alert_noted', null, null,
        (select jsonb_build_object('alert', title) from alerts where id = alert));
    return true;
end $$;
ALTER FUNCTION public.alert_note(alert bigint) OWNER TO pp_auth;
CREATE FUNCTION public.alert_raised() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    insert into alert_mails (alert_id, user_id) select new.id, u.id from users u
        where u.is_admin and u.disabled_at is null and u.deleted_at is null and u.mail_when <> 'never';
    return null;
end $$;
ALTER FUNCTION public.alert_raised() OWNER TO pp_auth;
CREATE FUNCTION public.analyze_places() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform gin_clean_pending_list(name::regclass)
        from unnest(array['places_words', 'localities_keys', 'localities_pieces']) as name;
    analyze places, localities;
end $$;
CREATE FUNCTION public.api_keys_that_end(within integer) RETURNS TABLE(number bigint, first_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select count(*), min(k.expires_at) from api_keys k join users u on u.id = k.user_id
        where k.revoked_at is null and k.expires_at between now() and now() + make_interval(days => least(within, 366))
            and k.last_used_at > now() - interval '30 days' and u.disabled_at is null and u.deleted_at is null
$$;
ALTER FUNCTION public.api_keys_that_end(within integer) OWNER TO pp_auth;
CREATE FUNCTION public.app_add_passkey(key text, new_id uuid, credential bytea, new_key bytea, signed bigint, challenge bytea, called text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare asker uuid := (select user_id from app_session());
begin
    perform auth_check_voucher(key);
    perform from users u where u.id = asker for no key update;
    if asker is null or not auth_use_challenge(challenge)
        or (select count(p.id) from passkeys p where p.user_id = asker) >= 20 then return false; end if;
    insert into passkeys (id, user_id, credential_id, public_key, sign_count, name)
        values (new_id, asker, credential, new_key, signed, called) on conflict do nothing;
    if not found then return false; end if;
    perform auth_note(asker, 'passkey_added', null, asker, jsonb_build_object('passkey', new_id));
    return true;
end $$;
ALTER FUNCTION public.app_add_passkey(key text, new_id uuid, credential bytea, new_key bytea, signed bigint, challenge bytea, called text) OWNER TO pp_auth;
CREATE FUNCTION public.app_asker() RETURNS TABLE(user_id uuid, only_workspace uuid, most integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select s.user_id, null::uuid, role_rank(case when u.guest_until is null then 'owner' else 'member' end)
    from sessions s join users u on u.id = s.user_id
    where s.token_hash = app_proof() and s.revoked_at is null and s.passed_at is not null and u.disabled_at is null
        and now() < s.expires_at and now() < s.last_used_at + make_interval(secs => s.idle_s)
        and now() < coalesce(u.guest_until, 'infinity')
    union all
    select k.user_id, k.workspace_id,
        role_rank(case k.scope when 'read' then 'viewer' when 'submit' then 'member' else 'owner' end)
    from api_keys k join users u on u.id = k.user_id
    where k.key_hash = app_proof() and k.revoked_at is null and now() < k.expires_at and u.disabled_at is null
        and u.guest_until is null
$$;
ALTER FUNCTION public.app_asker() OWNER TO pp_auth;
CREATE FUNCTION public.app_begin_password_check(fresh text) RETURNS TABLE(ticket uuid, parameters text, refused boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare own record;
begin
    select s.id, u.email into own from app_session() s join users u on u.id = s.user_id;
    if own.id is null then raise insufficient_privilege using message = 'only a session of a browser may ask'; end if;
    return query select * from auth_begin_sign_in(own.email, 'session ' || own.id, null, fresh);
end $$;
ALTER FUNCTION public.app_begin_password_check(fresh text) OWNER TO pp_auth;
CREATE FUNCTION public.app_billing_ask(of_workspace uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update billing_accounts a set due_at = now()
    where a.workspace_id = of_workspace and of_workspace in (select app_workspaces_as('owner')) and a.due_at > now()
$$;
ALTER FUNCTION public.app_billing_ask(of_workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_billing_connect(of_workspace uuid, customer text, gone text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if of_workspace not in (select app_workspaces_as('owner')) then
        raise insufficient_privilege using message = 'only the owner pays';
    end if;
    insert into billing_accounts (workspace_id, customer_id) values (of_workspace, customer)
        on conflict (workspace_id) do update set customer_id = excluded.customer_id, status = 'none', due_at = now()
        where billing_accounts.customer_id = gone and billing_accounts.status = 'gone';
    return (select a.customer_id from billing_accounts a where a.workspace_id = of_workspace);
end $$;
ALTER FUNCTION public.app_billing_connect(of_workspace uuid, customer text, gone text) OWNER TO pp_auth;
CREATE FUNCTION public.app_campaign_state(home uuid, campaign uuid, gone_after_s integer) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select md5(row(
        c.title, c.spec, c.status, c.budget_micros, c.spent_micros, c.saved_micros, c.uncertain_micros, c.simulated,
        c.businesses_found, c.qualified_leads, c.leads_enriched, c.emails_found, c.emails_verified, c.lead_count,
        c.avg_confidence, c.avg_reach, j.status, j.current_stage, j.progress, j.waiting_for,
        j.cancel_requested_at is null,
        j.status = 'processing' and coalesce(j.lease_until < now(), true),
        case when j.status in ('pending', 'processing') and coalesce(j.lease_until < now(), true)
            then app_worker_lives(gone_after_s) end,
        case when j.status = 'pending' then app_place_in_line(j.id) end,
        (select max(e.id) from job_events e where e.workspace_id = home and e.job_id = j.id)
    )::text)
    from campaigns c
    join discovery_jobs j on j.workspace_id = c.workspace_id and j.campaign_id = c.id
    where c.workspace_id = home and c.id = campaign and c.deleted_at is null
$$;
CREATE FUNCTION public.app_change_email(of_ticket uuid, derived text, new_email text, link uuid, hash bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid := auth_check_password(of_ticket, derived); taken boolean;
begin
    if account is null then return 'wrong'; end if;
    perform pg_advisory_xact_lock(5277460002);
    taken := exists (select from users where lower(email) = lower(new_email) and id <> account);
    if link is not null then
        if not taken then perform auth_new_link(link, account, 'email', hash, new_email, 1440, true); end if;
        perform auth_note(account, 'email_change_asked', null, account, '{}');
        return 'sent';
    end if;
    if taken then return 'taken'; end if;
    update account_links set used_at = now() where user_id = account and used_at is null;
    update users set email = new_email, email_unproved = true where id = account;
    perform auth_note(account, 'email_changed', null, account, '{"confirmed": false}');
    return 'changed';
end $$;
ALTER FUNCTION public.app_change_email(of_ticket uuid, derived text, new_email text, link uuid, hash bytea) OWNER TO pp_auth;
CREATE FUNCTION public.app_change_password(of_ticket uuid, derived text, new_hash text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid := auth_check_password(of_ticket, derived); ended integer;
begin
    if account is null then return null; end if;
    ended := auth_new_password(account, new_hash, (select id from app_session()));
    perform auth_note(account, 'password_changed', null, account, jsonb_build_object('sessions', ended));
    return ended;
end $$;
ALTER FUNCTION public.app_change_password(of_ticket uuid, derived text, new_hash text) OWNER TO pp_auth;
CREATE FUNCTION public.app_confirm_password(of_ticket uuid, derived text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select auth_check_password(of_ticket, derived) is not null
$$;
ALTER FUNCTION public.app_confirm_password(of_ticket uuid, derived text) OWNER TO pp_auth;
CREATE FUNCTION public.app_connect_identity(key text, iss text, sub text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare asker uuid := (select user_id from app_session());
begin
    perform auth_check_voucher(key);
    insert into sign_in_identities (issuer, subject, user_id) select iss, sub, asker where asker is not null
        on conflict do nothing;
    if not found then return false; end if;
    perform auth_note(asker, 'identity_linked', null, asker, jsonb_build_object('issuer', iss));
    return true;
end $$;
ALTER FUNCTION public.app_connect_identity(key text, iss text, sub text) OWNER TO pp_auth;
CREATE FUNCTION public.app_count_request(window_s integer) RETURNS TABLE(requests integer, resets_in_s integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare asking api_keys; begins timestamptz := now() - make_interval(secs => window_s);
begin
    select k.* into asking from api_keys k where k.key_hash = app_proof() and exists (select from app_asker());
    if not found then return; end if;
    return query
        insert into api_key_use as u (workspace_id, key_id, since, requests)
            values (asking.workspace_id, asking.id, now(), 1)
        on conflict (workspace_id, key_id) do update set
            requests = case when u.since > begins then u.requests + 1 else 1 end,
            since = case when u.since > begins then u.since else now() end
        returning u.requests, greatest(1, ceil(extract(epoch from u.since - begins))::integer);
end $$;
ALTER FUNCTION public.app_count_request(window_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid; owner uuid;
begin
    -- By a session only: a key that leaked makes no other ones.
    select s.user_id, s.workspace_id into owner, home from sessions s
        where s.token_hash = app_proof() and s.user_id = app_user_id();
    perform from users u where u.id = owner for no key update;
    if home is null or home not in (select app_workspaces_as(
        case wanted_scope when 'read' then 'viewer' when 'submit' then 'member' else 'admin' end))
        or days not between 1 and 365
        or (select count(*) from api_keys k where k.workspace_id = home and k.user_id = owner
            and k.revoked_at is null and k.expires_at > now()) >= 20 then return false; end if;
    insert into api_keys (workspace_id, id, user_id, name, scope, key_hash, expires_at)
        values (home, new_id, owner, key_name, wanted_scope, sha256(proof), now() + make_interval(days => days));
    perform auth_note(owner, 'key_created', home, new_id, jsonb_build_object('scope', wanted_scope, 'days', days));
    return true;
end $$;
ALTER FUNCTION public.app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea) OWNER TO pp_auth;
CREATE FUNCTION public.app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea, most_micros bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_create_key(new_id, key_name, wanted_scope, days, proof) then return false; end if;
    update api_keys set limit_micros = most_micros where id = new_id and key_hash = sha256(proof);
    return true;
end $$;
ALTER FUNCTION public.app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea, most_micros bigint) OWNER TO pp_auth;
CREATE FUNCTION public.app_delete_bulk_order(bulk uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid;
begin
    update bulk_orders b set deleted_at = now(), title = 'Deleted bulk order'
        where b.id = bulk and b.deleted_at is null and b.workspace_id in (select app_workspaces_as('member'))
            and not exists (select from campaigns c
                where c.workspace_id = b.workspace_id and c.bulk_id = b.id and c.deleted_at is null)
        returning b.workspace_id into home;
    delete from api_replies r where r.workspace_id = home and strpos(r.body, bulk::text) > 0;
    return home is not null;
end $$;
ALTER FUNCTION public.app_delete_bulk_order(bulk uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_delete_campaign(campaign uuid, questions jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid; began timestamptz;
begin
    select workspace_id, created_at into home, began from campaigns where id = campaign and deleted_at is null
        and ended_at is not null and workspace_id in (select app_workspaces_as('member')) for no key update;
    if home is null then return false; end if;
    perform campaign_remove(home, campaign, began, questions);
    return true;
end $$;
ALTER FUNCTION public.app_delete_campaign(campaign uuid, questions jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.app_disconnect_identity(of_ticket uuid, derived text, iss text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid := auth_check_password(of_ticket, derived);
begin
    if account is null then return false; end if;
    delete from sign_in_identities where user_id = account and issuer = iss;
    perform auth_note(account, 'identity_unlinked', null, account, jsonb_build_object('issuer', iss));
    return true;
end $$;
ALTER FUNCTION public.app_disconnect_identity(of_ticket uuid, derived text, iss text) OWNER TO pp_auth;
CREATE FUNCTION public.app_end_other_sessions() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare own record; ended integer;
begin
    select * into own from app_session();
    if own.id is null then return 0; end if;
    ended := auth_end_sessions(own.user_id, own.id);
    perform auth_note(own.user_id, 'other_sessions_ended', null, own.user_id, jsonb_build_object('sessions', ended));
    return ended;
end $$;
ALTER FUNCTION public.app_end_other_sessions() OWNER TO pp_auth;
CREATE FUNCTION public.app_end_session(which uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare ended sessions%rowtype;
begin
    update sessions s set revoked_at = now() where s.revoked_at is null
        and case when which is null then s.token_hash = app_proof()
            else s.id = which and s.user_id = (select o.user_id from app_session() o) end
        returning * into ended;
    if ended.id is null then return false; end if;
    perform auth_note(ended.user_id, case when which is null then 'signed_out' else 'session_ended' end, null,
        ended.user_id, jsonb_build_object('session', ended.id));
    return true;
end $$;
ALTER FUNCTION public.app_end_session(which uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_export() RETURNS TABLE(workspace_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select f.workspace_id, f.id from export_files f
    where f.id = nullif(current_setting('app.job_id', true), '')::uuid and f.state = 'making'
        and f.lease_hash = app_lease_hash() and f.lease_until > now()
$$;
ALTER FUNCTION public.app_export() OWNER TO pp_auth;
CREATE FUNCTION public.app_export_people() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select m.user_id from memberships m join app_export() f on f.workspace_id = m.workspace_id
$$;
ALTER FUNCTION public.app_export_people() OWNER TO pp_auth;
CREATE FUNCTION public.app_export_workspace() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$ select workspace_id from app_export() $$;
ALTER FUNCTION public.app_export_workspace() OWNER TO pp_auth;
CREATE FUNCTION public.app_guest_left() RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select greatest(0, coalesce((select t.campaigns from auth_guest_terms() t), 0)
        - (select count(*) from guest_orders(u.id)))::integer
    from app_asker() a join users u on u.id = a.user_id where u.guest_until is not null
$$;
ALTER FUNCTION public.app_guest_left() OWNER TO pp_auth;
CREATE FUNCTION public.app_identity_since(iss text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select i.created_at from app_session() s join sign_in_identities i on i.user_id = s.user_id and i.issuer = iss
$$;
ALTER FUNCTION public.app_identity_since(iss text) OWNER TO pp_auth;
CREATE FUNCTION public.app_is_admin() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (select from app_asker() a join users u on u.id = a.user_id
        where u.is_admin and a.most = role_rank('owner'))
$$;
ALTER FUNCTION public.app_is_admin() OWNER TO pp_auth;
CREATE FUNCTION public.app_job_id() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select id from discovery_jobs
    where id = nullif(current_setting('app.job_id', true), '')::uuid
        and lease_token = nullif(current_setting('app.lease_token', true), '')::bigint
        and lease_hash = app_lease_hash()
$$;
ALTER FUNCTION public.app_job_id() OWNER TO pp_auth;
CREATE FUNCTION public.app_job_workspace() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select workspace_id from discovery_jobs where id = app_job_id() and lease_until > now()
$$;
ALTER FUNCTION public.app_job_workspace() OWNER TO pp_auth;
CREATE FUNCTION public.app_lease_hash() RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select sha256(convert_to(nullif(current_setting('app.lease_secret', true), ''), 'UTF8'))
$$;
CREATE FUNCTION public.app_limits(of_workspace uuid) RETURNS TABLE(scope text, period text, user_id uuid, email text, micros bigint, used_micros bigint, promised_micros bigint, left_micros bigint, is_near boolean, renews_at timestamp with time zone, set_by text, set_at timestamp with time zone, binds boolean)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with asking as (
        select app_user_id() as me, app_is_admin() as administers,
            of_workspace in (select app_workspaces_as('admin')) as leads
    ), known as (
        select l.*, spend_used(l) as used, spend_promised(l) as promised, a.me,
            l.workspace_id is not null or a.administers as is_told
        from spend_limits l, asking a
        where of_workspace in (select app_workspaces())
            and (l.workspace_id is null or (l.workspace_id = of_workspace and (l.user_id is null or l.user_id = a.me or a.leads)))
    )
    select k.scope, k.period, k.user_id, u.email, case when k.is_told then k.micros end,
        case when k.is_told then k.used end, case when k.is_told then k.promised end,
        greatest(0, k.micros - k.used - k.promised), (k.micros - k.used - k.promised) * 5 <= k.micros,
        (spend_starts(k.period, now()) + ('1 ' || k.period)::interval) at time zone 'UTC',
        case when k.is_told then s.email end, case when k.is_told then k.set_at end, k.user_id is null or k.user_id = k.me
    from known k left join users u on u.id = k.user_id left join users s on s.id = k.set_by
    order by k.scope, u.email, k.period
$$;
ALTER FUNCTION public.app_limits(of_workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_new_recovery_codes(key text, step bigint, code bytea, codes bytea[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid := (select user_id from app_session());
begin
    if account is null or not auth_take_code(account, key, step, code) then return false; end if;
    perform auth_keep_codes(account, codes);
    perform auth_note(account, 'recovery_codes_renewed', null, account, '{}');
    return true;
end $$;
ALTER FUNCTION public.app_new_recovery_codes(key text, step bigint, code bytea, codes bytea[]) OWNER TO pp_auth;
CREATE FUNCTION public.app_passkeys() RETURNS TABLE(id uuid, credential_id bytea, name text, created_at timestamp with time zone, last_used_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select p.id, p.credential_id, p.name, p.created_at, p.last_used_at
    from app_session() s join passkeys p on p.user_id = s.user_id order by p.created_at, p.id
$$;
ALTER FUNCTION public.app_passkeys() OWNER TO pp_auth;
CREATE FUNCTION public.app_place_in_line(job uuid) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select count(*) + 1 from discovery_jobs other, discovery_jobs mine
    where mine.id = job and mine.workspace_id in (select app_workspaces()) and mine.wake_at < 'infinity'
        and other.status = 'pending' and other.wake_at < 'infinity' and other.wake_first_at < mine.wake_first_at
    having exists (select from discovery_jobs j where j.id = job and j.wake_at < 'infinity')
$$;
ALTER FUNCTION public.app_place_in_line(job uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_plan(of_workspace uuid) RETURNS TABLE(plan text, leads bigint, members bigint, schedules bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select f.figures ->> 'plan',
        (select coalesce(sum(l.used + l.promised), 0)::bigint from plan_leads l
            where l.workspace_id = of_workspace and l.month = spend_starts('month', now())),
        (select count(*) from memberships m where m.workspace_id = of_workspace)
            + (select count(*) from invitations i where i.workspace_id = of_workspace
                and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()),
        (select count(*) from schedules s where s.workspace_id = of_workspace and s.paused_at is null)
    from (select plan_figures(of_workspace) as figures) f
    where f.figures is not null and of_workspace in (select app_workspaces())
$$;
ALTER FUNCTION public.app_plan(of_workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_proof() RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    select case when p ~ '^[0-9a-f]{64}$' then sha256(decode(p, 'hex')) end
    from current_setting('app.proof', true) as p
$_$;
CREATE FUNCTION public.app_raise_budget(campaign uuid, amount bigint, key text, most bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare home uuid; bulk uuid;
    begin
        select workspace_id, bulk_id into home, bulk from campaigns
            where id = campaign and workspace_id in (select app_workspaces_as('member')) and ended_at is not null
            and budget_micros + amount <= most for no key update;
        if home is null then return false; end if;
        insert into budget_raises (workspace_id, campaign_id, idem_key, amount_micros, user_id)
            values (home, campaign, key, amount, app_user_id()) on conflict do nothing;
        if not found then return false; end if;
        update campaigns set budget_micros = budget_micros + amount,
            spec = jsonb_set(spec, '{budget_usd}', to_jsonb(((budget_micros + amount) / 1000000.0)::numeric(20, 6)::text))
            where workspace_id = home and id = campaign;
        update bulk_caps set cap_micros = cap_micros + amount where workspace_id = home and bulk_id = bulk;
        return true;
    end $$;
ALTER FUNCTION public.app_raise_budget(campaign uuid, amount bigint, key text, most bigint) OWNER TO pp_auth;
CREATE FUNCTION public.app_raise_cap(bulk uuid, amount bigint, key text, most bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update bulk_caps set cap_micros = cap_micros + amount, raised_by = raised_by || key
        where bulk_id = bulk and workspace_id in (select app_workspaces_as('member'))
            and amount > 0 and cap_micros + amount <= most and not key = any(raised_by);
    return found;
end $$;
ALTER FUNCTION public.app_raise_cap(bulk uuid, amount bigint, key text, most bigint) OWNER TO pp_auth;
CREATE FUNCTION public.app_remove_passkey(of_ticket uuid, derived text, which uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid := auth_check_password(of_ticket, derived);
begin
    if account is null then return 'wrong'; end if;
    delete from passkeys where id = which and user_id = account;
    if not found then return 'gone'; end if;
    perform auth_note(account, 'passkey_removed', null, account, jsonb_build_object('passkey', which));
    return 'removed';
end $$;
ALTER FUNCTION public.app_remove_passkey(of_ticket uuid, derived text, which uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_retry_uncertain(campaign uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    declare home uuid; opened bigint;
    begin
        select workspace_id into home from campaigns
            where id = campaign and workspace_id in (select app_workspaces_as('member')) and ended_at is not null for no key update;
        if home is null then return 0; end if;
        update provider_calls set may_repeat = true
            where workspace_id = home and campaign_id = campaign and state = 'unknown' and not may_repeat;
        update leads set is_open = true, steps = (
            select jsonb_agg(case when step ->> 'outcome' in ('uncertain', 'failed')
                then step || '{"is_open": true}' else step end order by place)
            from jsonb_array_elements(steps) with ordinality as given(step, place))
        where workspace_id = home and campaign_id = campaign
            and steps @? '$[*] ? (@.outcome == "uncertain" || @.outcome == "failed" || (@.is_open == true
                && (@.cause == "list_failed" || @.cause == "no_result")))';
        get diagnostics opened = row_count;
        return opened;
    end $_$;
ALTER FUNCTION public.app_retry_uncertain(campaign uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_revoke_key(which uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid; me constant uuid := app_user_id();
begin
    update api_keys k set revoked_at = now() where k.id = which and k.revoked_at is null
        and (k.user_id = me or k.workspace_id in (select app_workspaces_as('admin')))
        and k.workspace_id in (select app_workspaces())
        returning k.workspace_id into home;
    if home is null then return false; end if;
    perform auth_note(me, 'key_revoked', home, which, '{}');
    return true;
end $$;
ALTER FUNCTION public.app_revoke_key(which uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_session() RETURNS TABLE(id uuid, user_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select s.id, s.user_id from app_asker() a join sessions s on s.token_hash = app_proof() and s.kind = 'web'
$$;
ALTER FUNCTION public.app_session() OWNER TO pp_auth;
CREATE FUNCTION public.app_sessions() RETURNS TABLE(id uuid, kind text, device text, ip text, opened_at timestamp with time zone, last_used_at timestamp with time zone, is_this boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select s.id, s.kind, s.device, s.ip, s.created_at, s.last_used_at, s.id = own.id
    from app_session() own join sessions s on s.user_id = own.user_id
    where s.revoked_at is null and s.passed_at is not null and now() < s.expires_at
        and now() < s.last_used_at + make_interval(secs => s.idle_s)
    order by s.id = own.id desc, s.last_used_at desc, s.id
$$;
ALTER FUNCTION public.app_sessions() OWNER TO pp_auth;
CREATE FUNCTION public.app_set_limit(of_workspace uuid, of_person uuid, of_period text, new_micros bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare most bigint; was bigint; made bigint; since date := spend_starts(of_period, now());
begin
    if not coalesce(case when of_workspace is null then app_is_admin()
            else of_workspace in (select app_workspaces_as('admin')) end, false) then
        raise insufficient_privilege using message = 'this limit is set by others';
    end if;
    -- Nobody spends while it is summed up what was spent, and nobody sets another limit.
    lock table provider_calls in share row exclusive mode;
    select l.micros into was from spend_limits l where l.workspace_id is not distinct from of_workspace
        and l.user_id is not distinct from of_person and l.period = of_period;
    if new_micros is null then
        delete from spend_limits l where l.workspace_id is not distinct from of_workspace
            and l.user_id is not distinct from of_person and l.period = of_period;
    else
        select min(l.micros) into most from spend_limits l where l.period = of_period
            and ((of_workspace is not null and l.workspace_id is null)
                or (of_person is not null and l.workspace_id = of_workspace and l.user_id is null));
        if new_micros > most then return most; end if;
        insert into spend_limits as l (workspace_id, user_id, period, micros, set_by)
            values (of_workspace, of_person, of_period, new_micros, app_user_id())
            on conflict (workspace_id, user_id, period)
            do update set micros = excluded.micros, set_by = excluded.set_by, set_at = now()
            returning l.id into made;
        insert into spend_counters as c (limit_id, starts, used_micros)
            select made, since, coalesce(sum(spend_counts(p.state, p.price_micros, p.cost_micros)), 0)
            from provider_calls p join campaigns g on g.workspace_id = p.workspace_id and g.id = p.campaign_id
            where p.sent_at >= since::timestamp at time zone 'UTC'
                and (of_workspace is null or p.workspace_id = of_workspace)
                and (of_person is null or g.created_by = of_person)
            on conflict (limit_id, starts) do update set used_micros = excluded.used_micros;
    end if;
    perform auth_note(app_user_id(), 'limit_set', of_workspace, of_person,
        jsonb_build_object('period', of_period, 'micros', new_micros, 'was', was));
    return null;
end $$;
ALTER FUNCTION public.app_set_limit(of_workspace uuid, of_person uuid, of_period text, new_micros bigint) OWNER TO pp_auth;
CREATE FUNCTION public.app_sign_in_ways() RETURNS TABLE(has_password boolean, factor_since timestamp with time zone, codes_left integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select u.password_hash is not null, f.created_at,
        (select count(*)::integer from recovery_codes c where c.user_id = u.id and c.used_at is null)
    from app_session() s join users u on u.id = s.user_id left join second_factors f on f.user_id = u.id
$$;
ALTER FUNCTION public.app_sign_in_ways() OWNER TO pp_auth;
CREATE FUNCTION public.app_switch_off_second_factor(of_ticket uuid, derived text, key text, step bigint, code bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid := auth_check_password(of_ticket, derived);
begin
    if account is null then return 'wrong'; end if;
    if not auth_take_code(account, key, step, code) then return 'refused'; end if;
    delete from second_factors where user_id = account;
    delete from recovery_codes where user_id = account;
    perform auth_note(account, 'second_factor_off', null, account, '{}');
    return 'off';
end $$;
ALTER FUNCTION public.app_switch_off_second_factor(of_ticket uuid, derived text, key text, step bigint, code bytea) OWNER TO pp_auth;
CREATE FUNCTION public.app_switch_on_second_factor(of_ticket uuid, derived text, new_secret text, step bigint, codes bytea[]) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid := auth_check_password(of_ticket, derived);
begin
    if account is null then return 'wrong'; end if;
    insert into second_factors (user_id, secret, last_step) values (account, new_secret, step) on conflict do nothing;
    if not found then return 'already'; end if;
    perform auth_keep_codes(account, codes);
    perform auth_note(account, 'second_factor_on', null, account, '{}');
    return 'on';
end $$;
ALTER FUNCTION public.app_switch_on_second_factor(of_ticket uuid, derived text, new_secret text, step bigint, codes bytea[]) OWNER TO pp_auth;
CREATE FUNCTION public.app_switch_workspace(wanted uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update sessions set workspace_id = wanted where token_hash = app_proof()
        and wanted in (select app_workspaces_as('viewer'));
    return found;
end $$;
ALTER FUNCTION public.app_switch_workspace(wanted uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_user_id() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$ select user_id from app_asker() $$;
ALTER FUNCTION public.app_user_id() OWNER TO pp_auth;
CREATE FUNCTION public.app_visit(of_workspace uuid) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare me uuid := app_user_id();
begin
    if not exists (select from app_workspaces() as home where home = of_workspace) then
        return null;
    end if;
    insert into visits as v (workspace_id, user_id) values (of_workspace, me)
        on conflict (workspace_id, user_id) do update set latest_at = now(),
            before_at = case when v.latest_at < now() - interval '30 minutes' then v.latest_at else v.before_at end
        where v.latest_at < now() - interval '1 minute';
    return (select date_trunc('minute', v.before_at) from visits v where v.workspace_id = of_workspace and v.user_id = me);
end $$;
ALTER FUNCTION public.app_visit(of_workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_wallet(of_workspace uuid) RETURNS TABLE(balance_micros bigint, owed_micros bigint, promised_micros bigint, is_used boolean)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select coalesce(w.balance_micros, 0), coalesce(w.owed_micros, 0), wallet_promised(of_workspace),
        w.workspace_id is not null
    from (select 1) one left join wallets w on w.workspace_id = of_workspace
    where wallets_are_on() and of_workspace in (select app_workspaces())
$$;
ALTER FUNCTION public.app_wallet(of_workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.app_watch(proof text, campaign uuid, gone_after_s integer) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid;
begin
    perform set_config('app.proof', proof, true);
    select workspace_id into home from auth_who() where session_id is not null;
    if home is null then return null; end if;
    return coalesce(app_campaign_state(home, campaign, gone_after_s), export_mark(home, campaign), '');
end $$;
CREATE FUNCTION public.app_worker_lives(gone_after_s integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$ select exists (select from workers where seen_at > now() - make_interval(secs => gone_after_s)) $$;
ALTER FUNCTION public.app_worker_lives(gone_after_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.app_workspaces() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select m.workspace_id from app_asker() a join memberships m on m.user_id = a.user_id
    where coalesce(m.workspace_id = a.only_workspace, true)
$$;
ALTER FUNCTION public.app_workspaces() OWNER TO pp_auth;
CREATE FUNCTION public.app_workspaces_as(at_least text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select m.workspace_id from app_asker() a join memberships m on m.user_id = a.user_id
    where coalesce(m.workspace_id = a.only_workspace, true)
        and least(role_rank(m.role), a.most) >= role_rank(at_least)
$$;
ALTER FUNCTION public.app_workspaces_as(at_least text) OWNER TO pp_auth;
CREATE FUNCTION public.assigned_on_arrival() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare whom uuid;
begin
    if not exists (select from assigned_places p where p.workspace_id = new.workspace_id)
        and not exists (select from assigned_turns t where t.workspace_id = new.workspace_id)
        or not exists (select from companies c where c.workspace_id = new.workspace_id and c.id = new.company_id
            and c.first_seen_at = now() and c.owner_id is null) then
        return new;
    end if;
    select p.user_id into whom
        from assigned_places p join memberships m on m.workspace_id = p.workspace_id and m.user_id = p.user_id
        where p.workspace_id = new.workspace_id and m.role <> 'viewer' and case p.part
            when 'postcode' then starts_with(lower(replace(new.postcode, ' ', '')), lower(replace(p.place, ' ', '')))
            when 'city' then lower(new.city) = lower(p.place)
            else lower(new.country) = lower(p.place) end
        order by array_position(array['postcode', 'city', 'country'], p.part), length(p.place) desc limit 1;
    if whom is null then
        update assigned_turns t set turn = (select max(o.turn) + 1 from assigned_turns o where o.workspace_id = t.workspace_id)
            where t.workspace_id = new.workspace_id and t.user_id = (
                select n.user_id from assigned_turns n
                join memberships m on m.workspace_id = n.workspace_id and m.user_id = n.user_id
                where n.workspace_id = new.workspace_id and m.role <> 'viewer' order by n.turn, n.user_id limit 1)
            returning t.user_id into whom;
    end if;
    if whom is not null then
        update companies c set owner_id = whom where c.workspace_id = new.workspace_id and c.id = new.company_id;
    end if;
    return new;
end $$;
ALTER FUNCTION public.assigned_on_arrival() OWNER TO pp_auth;
CREATE FUNCTION public.assignment_noted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
begin
    -- Who leaves takes their places along; nobody asked for that one by one.
    if app_user_id() is not null then
        perform auth_note(app_user_id(), 'assignment_changed', (one ->> 'workspace_id')::uuid,
            (one ->> 'user_id')::uuid, '{}');
    end if;
    return null;
end $$;
ALTER FUNCTION public.assignment_noted() OWNER TO pp_auth;
CREATE FUNCTION public.attempt_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update job_attempts
        set ended_at = now(), ended_as = case
            when new.status in ('completed', 'partial', 'failed', 'cancelled') then new.status
            when new.status = 'pending' and new.lease_token = old.lease_token then 'handed_over'
            else 'interrupted' end
        where workspace_id = new.workspace_id and job_id = new.id and ended_at is null;
    if new.status = 'processing' and new.lease_token > old.lease_token then
        insert into job_attempts (workspace_id, job_id, token, attempt, worker)
            values (new.workspace_id, new.id, new.lease_token, new.attempt, coalesce(new.lease_owner, ''));
    end if;
    return null;
end $$;
ALTER FUNCTION public.attempt_keep() OWNER TO pp_auth;
CREATE FUNCTION public.attempts_forget() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from job_attempts a using discovery_jobs j
        where j.workspace_id = new.workspace_id and j.campaign_id = new.id
            and a.workspace_id = j.workspace_id and a.job_id = j.id;
    return null;
end $$;
ALTER FUNCTION public.attempts_forget() OWNER TO pp_auth;
CREATE FUNCTION public.audit_export() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform auth_note(new.user_id, 'leads_exported', new.workspace_id, new.campaign_id,
        jsonb_build_object('format', new.format, 'leads', new.row_count));
    return null;
end $$;
ALTER FUNCTION public.audit_export() OWNER TO pp_auth;
CREATE FUNCTION public.auth_ask_reset(wanted text, from_ip text, link uuid, hash bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid; item record; too_many boolean := false;
begin
    delete from sign_in_throttle t where t.since < now() - interval '15 minutes';
    for item in
        select b.bucket, b.most from (values (sha256(convert_to('reset ' || lower(wanted), 'UTF8')), 3),
            (sha256(convert_to('reset from ' || from_ip, 'UTF8')), 20)) as b (bucket, most) order by b.bucket
    loop
        insert into sign_in_throttle as t (bucket, failures, since) values (item.bucket, 1, now())
            on conflict (bucket) do update set failures = t.failures + 1
            returning t.failures > item.most or too_many into too_many;
    end loop;
    if too_many then return false; end if;
    select u.id into account from users u where lower(u.email) = lower(wanted) and u.disabled_at is null;
    if account is not null then
        perform auth_new_link(link, account, 'reset', hash, null, 60, true);
        perform auth_note(account, 'reset_asked', null, account, jsonb_build_object('ip', from_ip));
    end if;
    return true;
end $$;
ALTER FUNCTION public.auth_ask_reset(wanted text, from_ip text, link uuid, hash bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_begin_second_factor() RETURNS TABLE(refused boolean, secret text, last_step bigint, now_s bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid; count integer;
begin
    select s.user_id into account from auth_half_session() s;
    if account is null then return; end if;
    delete from sign_in_throttle t where t.since < now() - interval '15 minutes';
    insert into sign_in_throttle as t (bucket, failures, since)
        values (sha256(convert_to('second factor ' || account, 'UTF8')), 1, now())
        on conflict (bucket) do update set failures = t.failures + 1 returning t.failures into count;
    return query select count > 5, f.secret, f.last_step, extract(epoch from now())::bigint
        from second_factors f where f.user_id = account;
end $$;
ALTER FUNCTION public.auth_begin_second_factor() OWNER TO pp_auth;
CREATE FUNCTION public.auth_begin_sign_in(wanted text, from_ip text, device bytea, fresh text) RETURNS TABLE(ticket uuid, parameters text, refused boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
declare
    account uuid; known boolean; item record; too_many boolean := false;
    pair bytea := sha256(convert_to('pair ' || lower(wanted) || ' ' || from_ip, 'UTF8'));
    one bytea := sha256(convert_to('account ' || lower(wanted), 'UTF8'));
    address bytea := sha256(convert_to('address ' || from_ip, 'UTF8'));
    own bytea := sha256('device ' || coalesce(device, ''));
begin
    delete from sign_in_throttle t where t.since < now() - interval '15 minutes';
    delete from sign_in_tickets t where t.expires_at < now();
    select u.id into account from users u
        where lower(u.email) = lower(wanted) and u.disabled_at is null and u.password_hash is not null;
    known := exists (select from known_devices d where d.token_hash = sha256(device) and d.user_id = account);
    for item in
        select b.bucket, b.most from (values (own, 10, known), (pair, 5, not known), (one, 30, not known),
            (address, 100, not known)) as b (bucket, most, counts) where b.counts order by b.bucket
    loop
        insert into sign_in_throttle as t (bucket, failures, since) values (item.bucket, 1, now())
            on conflict (bucket) do update set failures = t.failures + 1
            returning t.failures > item.most or too_many into too_many;
    end loop;
    if too_many then return query select null::uuid, null::text, true; return; end if;
    ticket := gen_random_uuid();
    insert into sign_in_tickets (id, user_id, forgiven, lessened, known_device, expires_at)
        values (ticket, account, array[own, pair], array[one, address], known, now() + interval '1 minute');
    return query select ticket, coalesce(
        (select regexp_replace(u.password_hash, '\$[^$]*$', '') from users u where u.id = account),
        -- Somebody unknown costs the same work, with a salt that is always theirs.
        fresh || '$' || rtrim(encode(substring(sha256(
            (select i.value from installation i where i.name = 'salt') || convert_to(lower(wanted), 'UTF8')) for 16),
            'base64'), '=')), false;
end $_$;
ALTER FUNCTION public.auth_begin_sign_in(wanted text, from_ip text, device bytea, fresh text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_check_password(of_ticket uuid, derived text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare t sign_in_tickets%rowtype; asker uuid; account uuid;
begin
    select user_id into asker from app_session();
    delete from sign_in_tickets where id = of_ticket and expires_at > now() returning * into t;
    select id into account from users where id = t.user_id and id = asker and password_hash = derived;
    if account is null then
        if asker is not null then perform auth_note(asker, 'password_refused', null, asker, '{}'); end if;
        return null;
    end if;
    delete from sign_in_throttle where bucket = any(t.forgiven);
    update sign_in_throttle set failures = failures - 1 where bucket = any(t.lessened);
    return account;
end $$;
ALTER FUNCTION public.auth_check_password(of_ticket uuid, derived text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_check_voucher(key text) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not exists (select from installation where name = 'voucher' and value = sha256(convert_to(key, 'UTF8'))) then
        raise insufficient_privilege using message = 'the application does not vouch for this';
    end if;
end $$;
ALTER FUNCTION public.auth_check_voucher(key text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_create_first(new_id uuid, new_workspace uuid, new_email text, new_hash text, key text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform pg_advisory_xact_lock(5277460002);
    if exists (select from users) or not exists (select from installation
        where name = 'first_admin' and value = sha256(convert_to(key, 'UTF8'))) then return false; end if;
    perform auth_note(new_id, 'account_created', new_workspace, new_id, '{"administrator": true, "first": true}');
    return auth_make_user(new_id, new_workspace, new_email, new_hash, true);
end $$;
ALTER FUNCTION public.auth_create_first(new_id uuid, new_workspace uuid, new_email text, new_hash text, key text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_create_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    -- The operator's connection is only used on the machine itself; the web's has to show an administrator.
    if session_user <> 'pp_operator' and not app_is_admin() then
        raise insufficient_privilege using message = 'only an administrator creates accounts';
    end if;
    if not auth_make_user(new_id, new_workspace, new_email, new_hash, admin) then return false; end if;
    perform auth_note(coalesce(app_user_id(), new_id), 'account_created', new_workspace, new_id,
        jsonb_build_object('administrator', admin, 'by_command', session_user = 'pp_operator'));
    return true;
end $$;
ALTER FUNCTION public.auth_create_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean) OWNER TO pp_auth;
CREATE FUNCTION public.auth_end_sessions(owner uuid, but uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare ended integer;
begin
    select count(*) into ended from sessions s where s.user_id = owner and s.id is distinct from but
        and s.revoked_at is null and s.passed_at is not null and now() < s.expires_at
        and now() < s.last_used_at + make_interval(secs => s.idle_s);
    update sessions s set revoked_at = now()
        where s.user_id = owner and s.id is distinct from but and s.revoked_at is null;
    return ended;
end $$;
ALTER FUNCTION public.auth_end_sessions(owner uuid, but uuid) OWNER TO pp_auth;
CREATE FUNCTION public.auth_guest_terms() RETURNS TABLE(campaigns integer, days integer, leads integer, at_once integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select t.campaigns, t.days, t.leads, t.at_once from (
        select max(n) filter (where name = 'guest_campaigns') as campaigns,
            max(n) filter (where name = 'guest_days') as days,
            max(n) filter (where name = 'guest_leads') as leads,
            max(n) filter (where name = 'guests_per_network') as at_once
        from (select i.name, convert_from(i.value, 'UTF8')::integer as n from installation i
            where i.name like 'guest%') as each
    ) as t where t.campaigns > 0 and exists (select from users u where u.is_admin)
$$;
ALTER FUNCTION public.auth_guest_terms() OWNER TO pp_auth;
CREATE FUNCTION public.auth_half_session() RETURNS TABLE(id uuid, user_id uuid, waits boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select s.id, s.user_id, s.passed_at is null from sessions s join users u on u.id = s.user_id
    where s.token_hash = app_proof() and s.kind = 'web' and s.revoked_at is null and u.disabled_at is null
        and now() < s.expires_at and now() < s.last_used_at + make_interval(secs => s.idle_s)
$$;
ALTER FUNCTION public.auth_half_session() OWNER TO pp_auth;
CREATE FUNCTION public.auth_keep_codes(account uuid, codes bytea[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    delete from recovery_codes where user_id = account;
    insert into recovery_codes (user_id, code_hash) select account, unnest(codes);
$$;
ALTER FUNCTION public.auth_keep_codes(account uuid, codes bytea[]) OWNER TO pp_auth;
CREATE FUNCTION public.auth_know_device(account uuid, device bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if device is null then return; end if;
    delete from known_devices where user_id = account and token_hash in (
        select token_hash from known_devices where user_id = account order by created_at desc offset 19);
    insert into known_devices (token_hash, user_id) values (sha256(device), account) on conflict do nothing;
end $$;
ALTER FUNCTION public.auth_know_device(account uuid, device bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_let_in(account uuid, how text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare seen jsonb := jsonb_build_object('ip', seen_ip, 'device', left(seen_device, 200), 'by', how);
begin
    perform auth_open_session(proof, account, 'web', hours, idle_hours, seen_device, seen_ip);
    if exists (select from second_factors where user_id = account) then
        update sessions set passed_at = null, expires_at = now() + interval '10 minutes' where token_hash = sha256(proof);
        perform auth_note(account, 'second_factor_asked', null, account, seen);
        return 'second_factor';
    end if;
    perform auth_know_device(account, new_device);
    perform auth_note(account, 'signed_in', null, account, seen);
    return 'in';
end $$;
ALTER FUNCTION public.auth_let_in(account uuid, how text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_link_by_address(iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid, OUT account uuid, OUT came_to text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare found users%rowtype;
begin
    select * into found from users where lower(email) = lower(mail);
    if found.id is null then
        if not may_make or not exists (select from users) then came_to := 'unknown'; return; end if;
        perform auth_make_user(new_id, new_workspace, mail, null, false);
        perform auth_note(new_id, 'account_created', new_workspace, new_id, jsonb_build_object('by', iss));
        account := new_id;
    elsif found.disabled_at is not null then
        came_to := 'unknown'; return;
    elsif found.email_unproved or exists (select from second_factors where user_id = found.id)
        or exists (select from sign_in_identities where user_id = found.id and issuer = iss) then
        perform auth_note(found.id, 'identity_refused', null, found.id, jsonb_build_object('issuer', iss));
        came_to := 'conflict'; return;
    else
        account := found.id;
    end if;
    insert into sign_in_identities (issuer, subject, user_id) values (iss, sub, account);
    perform auth_note(account, 'identity_linked', null, account, jsonb_build_object('issuer', iss));
end $$;
ALTER FUNCTION public.auth_link_by_address(iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid, OUT account uuid, OUT came_to text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_make_reset_link(account uuid, wanted text, link uuid, hash bytea, without_factor boolean) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare found record;
begin
    if session_user <> 'pp_operator' and not app_is_admin() then
        raise insufficient_privilege using message = 'only an administrator makes links for others';
    end if;
    select u.id, u.email into found from users u where u.disabled_at is null
        and case when account is null then lower(u.email) = lower(wanted) else u.id = account end;
    if found.id is null then return null; end if;
    perform auth_new_link(link, found.id, 'reset', hash, null, 1440, false);
    update account_links set drops_factor = without_factor where id = link;
    perform auth_note(coalesce(app_user_id(), found.id), 'reset_link_made', null, found.id,
        jsonb_build_object('by_command', session_user = 'pp_operator', 'without_second_factor', without_factor));
    return found.email;
end $$;
ALTER FUNCTION public.auth_make_reset_link(account uuid, wanted text, link uuid, hash bytea, without_factor boolean) OWNER TO pp_auth;
CREATE FUNCTION public.auth_make_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform pg_advisory_xact_lock(5277460002);
    if exists (select from users where lower(email) = lower(new_email)) then return false; end if;
    insert into users (id, email, password_hash, is_admin) values (new_id, new_email, new_hash, admin);
    insert into workspaces (id, name) values (new_workspace, new_email);
    insert into memberships (workspace_id, user_id, role) values (new_workspace, new_id, 'owner');
    return true;
end $$;
ALTER FUNCTION public.auth_make_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean) OWNER TO pp_auth;
CREATE FUNCTION public.auth_new_link(new_id uuid, account uuid, of_kind text, hash bytea, address text, minutes integer, by_mail boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from account_links where expires_at < now() - interval '1 day';
    if of_kind = 'email' then
        update account_links set used_at = now() where user_id = account and kind = of_kind and used_at is null;
    end if;
    insert into account_links (id, user_id, kind, key_hash, new_email, expires_at, is_mailed)
        values (new_id, account, of_kind, hash, address, now() + make_interval(mins => minutes), by_mail);
end $$;
ALTER FUNCTION public.auth_new_link(new_id uuid, account uuid, of_kind text, hash bytea, address text, minutes integer, by_mail boolean) OWNER TO pp_auth;
CREATE FUNCTION public.auth_new_password(account uuid, new_hash text, but uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update users set password_hash = new_hash where id = account;
    update account_links set used_at = now() where user_id = account and used_at is null;
    delete from known_devices where user_id = account;
    return auth_end_sessions(account, but);
end $$;
ALTER FUNCTION public.auth_new_password(account uuid, new_hash text, but uuid) OWNER TO pp_auth;
CREATE FUNCTION public.auth_note(actor uuid, what text, workspace uuid, target uuid, more jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    insert into audit_log (actor_id, action, workspace_id, target_id, detail)
    values (actor, what, workspace, target, jsonb_strip_nulls(more))
$$;
ALTER FUNCTION public.auth_note(actor uuid, what text, workspace uuid, target uuid, more jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.auth_open_command_session(wanted text, proof bytea, hours integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid; found_email text; known integer;
begin
    select min(id::text)::uuid, min(email), count(*) into account, found_email, known from users
        where disabled_at is null and guest_until is null and coalesce(lower(email) = lower(wanted), true);
    if known <> 1 then return null; end if;
    perform auth_open_session(proof, account, 'command', hours, hours, 'Command line', '');
    return found_email;
end $$;
ALTER FUNCTION public.auth_open_command_session(wanted text, proof bytea, hours integer) OWNER TO pp_auth;
CREATE FUNCTION public.auth_open_guest(new_id uuid, new_workspace uuid, proof bytea, from_network text, seen_device text, seen_ip text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare terms record; network bytea := sha256(convert_to('guest ' || from_network, 'UTF8'));
begin
    perform pg_advisory_xact_lock(5277460002);
    select * into terms from auth_guest_terms();
    if not found then return 'off'; end if;
    if (select count(*) >= terms.at_once from users
        where guest_network = network and created_at > now() - interval '1 day') then return 'too_many'; end if;
    insert into users (id, email, is_admin, mail_when, guest_until, is_free, guest_network)
        values (new_id, 'guest ' || right(new_id::text, 12), false, 'never', now() + make_interval(days => terms.days),
            true, network);
    insert into workspaces (id, name) values (new_workspace, 'Guest');
    insert into memberships (workspace_id, user_id, role) values (new_workspace, new_id, 'owner');
    perform auth_open_session(proof, new_id, 'guest', terms.days * 24, terms.days * 24, seen_device, seen_ip);
    perform auth_note(new_id, 'guest_arrived', new_workspace, new_id, jsonb_build_object('ip', seen_ip));
    return 'in';
end $$;
ALTER FUNCTION public.auth_open_guest(new_id uuid, new_workspace uuid, proof bytea, from_network text, seen_device text, seen_ip text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_open_session(proof bytea, owner uuid, kind_of text, hours integer, idle_hours integer, seen_device text, seen_ip text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from sessions where user_id = owner and (now() > expires_at or revoked_at < now() - interval '1 day'
        -- Nobody needs more than 50 at once; the oldest give way.
        or id in (select id from sessions where user_id = owner order by last_used_at desc offset 49));
    insert into sessions (token_hash, user_id, workspace_id, expires_at, idle_s, kind, device, ip)
    values (sha256(proof), owner,
        (select m.workspace_id from memberships m where m.user_id = owner order by m.created_at, m.workspace_id limit 1),
        now() + make_interval(hours => least(hours, 8760)), least(idle_hours, 8760) * 3600, kind_of,
        left(seen_device, 200), left(seen_ip, 60));
end $$;
ALTER FUNCTION public.auth_open_session(proof bytea, owner uuid, kind_of text, hours integer, idle_hours integer, seen_device text, seen_ip text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_pass_second_factor(key text, step bigint, code bytea, new_proof bytea, hours integer, idle_hours integer, new_device bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare own record;
begin
    select * into own from auth_half_session() s where s.waits;
    if own.id is null or not auth_take_code(own.user_id, key, step, code) then return false; end if;
    update sessions set token_hash = sha256(new_proof), passed_at = now(), last_used_at = now(),
        expires_at = now() + make_interval(hours => least(hours, 8760)), idle_s = least(idle_hours, 8760) * 3600
        where id = own.id;
    perform auth_know_device(own.user_id, new_device);
    perform auth_note(own.user_id, 'signed_in', null, own.user_id, jsonb_build_object('by', 'second factor'));
    return true;
end $$;
ALTER FUNCTION public.auth_pass_second_factor(key text, step bigint, code bytea, new_proof bytea, hours integer, idle_hours integer, new_device bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_passkey(credential bytea) RETURNS TABLE(public_key bytea, sign_count bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select p.public_key, p.sign_count from passkeys p join users u on u.id = p.user_id
    where p.credential_id = credential and u.disabled_at is null
$$;
ALTER FUNCTION public.auth_passkey(credential bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_see_link(hash bytea) RETURNS TABLE(kind text, email text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select l.kind, coalesce(l.new_email, u.email) from account_links l join users u on u.id = l.user_id
    where l.key_hash = hash and l.used_at is null and now() < l.expires_at and u.disabled_at is null
$$;
ALTER FUNCTION public.auth_see_link(hash bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_sign_in(of_ticket uuid, derived text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare t sign_in_tickets%rowtype; account uuid;
begin
    delete from sign_in_tickets where id = of_ticket and expires_at > now() returning * into t;
    select id into account from users where id = t.user_id and disabled_at is null and password_hash = derived;
    if account is null then
        if t.user_id is not null then
            perform auth_note(t.user_id, 'sign_in_failed', null, t.user_id, jsonb_build_object('ip', seen_ip));
        end if;
        return 'wrong';
    end if;
    delete from sign_in_throttle where bucket = any(t.forgiven);
    update sign_in_throttle set failures = failures - 1 where bucket = any(t.lessened);
    return auth_let_in(account, 'password', proof, hours, idle_hours, seen_device, seen_ip,
        case when not t.known_device then new_device end);
end $$;
ALTER FUNCTION public.auth_sign_in(of_ticket uuid, derived text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_sign_in_by_issuer(key text, iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid; refusal text;
begin
    perform auth_check_voucher(key);
    perform pg_advisory_xact_lock(5277460002);
    update sign_in_identities i set last_used_at = now() where i.issuer = iss and i.subject = sub
        returning i.user_id into account;
    if account is null then
        select l.account, l.came_to into account, refusal
            from auth_link_by_address(iss, sub, mail, may_make, new_id, new_workspace) l;
        if refusal is not null then return refusal; end if;
    elsif exists (select from users where id = account and disabled_at is not null) then
        return 'unknown';
    end if;
    return auth_let_in(account, 'single sign-on', proof, hours, idle_hours, seen_device, seen_ip, new_device);
end $$;
ALTER FUNCTION public.auth_sign_in_by_issuer(key text, iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_sign_in_by_passkey(key text, credential bytea, count bigint, challenge bytea, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid;
begin
    perform auth_check_voucher(key);
    if not auth_use_challenge(challenge) then return false; end if;
    -- A counter that does not grow is that of a copy; devices that count nothing always say nought.
    update passkeys p set sign_count = count, last_used_at = now() from users u
        where p.credential_id = credential and u.id = p.user_id and u.disabled_at is null
            and (count > p.sign_count or (count = 0 and p.sign_count = 0))
        returning p.user_id into account;
    if account is null then return false; end if;
    perform auth_open_session(proof, account, 'web', hours, idle_hours, seen_device, seen_ip);
    perform auth_know_device(account, new_device);
    perform auth_note(account, 'signed_in', null, account,
        jsonb_build_object('ip', seen_ip, 'device', left(seen_device, 200), 'by', 'passkey'));
    return true;
end $$;
ALTER FUNCTION public.auth_sign_in_by_passkey(key text, credential bytea, count bigint, challenge bytea, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_sign_up(new_email text, new_hash text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare me uuid; tries integer;
begin
    perform pg_advisory_xact_lock(5277460002);
    select a.user_id into me from app_asker() a join users u on u.id = a.user_id where u.guest_until is not null;
    if me is null then return 'gone'; end if;
    delete from sign_in_throttle t where t.since < now() - interval '15 minutes';
    insert into sign_in_throttle as t (bucket, failures, since) values (sha256(convert_to('sign up ' || me, 'UTF8')), 1, now())
        on conflict (bucket) do update set failures = t.failures + 1 returning t.failures into tries;
    if tries > 10 then return 'too_many'; end if;
    if exists (select from users where lower(email) = lower(new_email)) then return 'known'; end if;
    update users set email = new_email, password_hash = new_hash, email_unproved = true, guest_until = null,
        mail_when = default where id = me;
    update workspaces set name = new_email
        where id in (select m.workspace_id from memberships m where m.user_id = me and m.role = 'owner');
    update sessions set revoked_at = now() where user_id = me and revoked_at is null;
    perform auth_note(me, 'guest_signed_up', null, me, '{}');
    return 'done';
end $$;
ALTER FUNCTION public.auth_sign_up(new_email text, new_hash text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_take_code(account uuid, key text, step bigint, code bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if step is not null then
        perform auth_check_voucher(key);
        update second_factors set last_step = step where user_id = account and last_step < step;
    else
        update recovery_codes set used_at = now() where user_id = account and code_hash = code and used_at is null;
    end if;
    if not found then
        perform auth_note(account, 'second_factor_refused', null, account, '{}');
        return false;
    end if;
    if step is null then perform auth_note(account, 'recovery_code_used', null, account, '{}'); end if;
    delete from sign_in_throttle where bucket = sha256(convert_to('second factor ' || account, 'UTF8'));
    return true;
end $$;
ALTER FUNCTION public.auth_take_code(account uuid, key text, step bigint, code bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_use_challenge(challenge bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from used_challenges where expires_at < now();
    insert into used_challenges values (sha256(challenge), now() + interval '1 hour') on conflict do nothing;
    return found;
end $$;
ALTER FUNCTION public.auth_use_challenge(challenge bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_use_email_link(hash bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare used account_links%rowtype;
begin
    perform pg_advisory_xact_lock(5277460002);
    if not exists (select from auth_see_link(hash) l where l.kind = 'email') then return false; end if;
    update account_links set used_at = now() where key_hash = hash returning * into used;
    if exists (select from users where lower(email) = lower(used.new_email) and id <> used.user_id) then return false; end if;
    update account_links set used_at = now() where user_id = used.user_id and used_at is null;
    update users set email = used.new_email, email_unproved = false where id = used.user_id;
    perform auth_note(used.user_id, 'email_changed', null, used.user_id, '{"confirmed": true}');
    return true;
end $$;
ALTER FUNCTION public.auth_use_email_link(hash bytea) OWNER TO pp_auth;
CREATE FUNCTION public.auth_use_reset_link(hash bytea, new_hash text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare used account_links%rowtype; ended integer;
begin
    update account_links l set used_at = now() from users u
        where l.key_hash = hash and l.kind = 'reset' and l.used_at is null and now() < l.expires_at
            and u.id = l.user_id and u.disabled_at is null
        returning l.* into used;
    if used.id is null then return false; end if;
    ended := auth_new_password(used.user_id, new_hash, null);
    update users set email_unproved = email_unproved and not used.is_mailed where id = used.user_id;
    if used.drops_factor then
        delete from second_factors where user_id = used.user_id;
        delete from recovery_codes where user_id = used.user_id;
    end if;
    delete from sign_in_throttle where bucket = (select sha256(convert_to('account ' || lower(u.email), 'UTF8'))
        from users u where u.id = used.user_id);
    perform auth_note(used.user_id, 'password_reset', null, used.user_id, jsonb_build_object('by_mail', used.is_mailed,
        'sessions', ended, 'without_second_factor', used.drops_factor));
    return true;
end $$;
ALTER FUNCTION public.auth_use_reset_link(hash bytea, new_hash text) OWNER TO pp_auth;
CREATE FUNCTION public.auth_users_exist() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$ select exists (select from users) $$;
ALTER FUNCTION public.auth_users_exist() OWNER TO pp_auth;
CREATE FUNCTION public.auth_who() RETURNS TABLE(user_id uuid, email text, is_admin boolean, workspace_id uuid, workspace_name text, role text, most integer, session_id uuid, guest_until timestamp with time zone, is_free boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update sessions s set last_used_at = now() where s.token_hash = app_proof()
        and s.last_used_at < now() - interval '1 minute' and s.last_used_at > now() - make_interval(secs => s.idle_s)
        and s.revoked_at is null;
    update api_keys k set last_used_at = now() where k.key_hash = app_proof()
        and coalesce(k.last_used_at < now() - interval '1 minute', true);
    return query
        select u.id, u.email, u.is_admin and a.most = role_rank('owner'), w.id, w.name, m.role, a.most, s.id,
            u.guest_until, u.is_free
        from app_asker() a
        join users u on u.id = a.user_id
        join memberships m on m.user_id = u.id and coalesce(m.workspace_id = a.only_workspace, true)
        join workspaces w on w.id = m.workspace_id
        left join sessions s on s.token_hash = app_proof()
        order by m.workspace_id is distinct from s.workspace_id, m.created_at, m.workspace_id limit 1;
end $$;
ALTER FUNCTION public.auth_who() OWNER TO pp_auth;
CREATE FUNCTION public.billing_due() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (select from billing_accounts a where a.due_at <= now())
        or exists (select from billing_partings p where p.due_at <= now())
$$;
ALTER FUNCTION public.billing_due() OWNER TO pp_auth;
CREATE FUNCTION public.billing_event_keep(key text, event text, event_kind text, made timestamp with time zone, customer text, charge text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform auth_check_voucher(key);
    insert into billing_events (id, kind, customer_id, made_at) values (event, event_kind, customer, made)
        on conflict (id) do nothing;
    if not found then return false; end if;
    update billing_accounts a set due_at = now() where a.customer_id = customer
        or a.workspace_id in (select e.workspace_id from wallet_entries e where e.charge_id = charge);
    update billing_partings p set due_at = now() where p.customer_id = customer;
    return true;
end $$;
ALTER FUNCTION public.billing_event_keep(key text, event text, event_kind text, made timestamp with time zone, customer text, charge text) OWNER TO pp_auth;
CREATE FUNCTION public.billing_keep(workspace uuid, of_turn bigint, held timestamp with time zone, said jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare before billing_accounts; after billing_accounts;
begin
    select a.* into before from billing_accounts a where a.workspace_id = workspace and a.turn = of_turn for update;
    if before.workspace_id is null then return false; end if;
    update billing_accounts a set subscription_id = said ->> 'subscription_id', item_id = said ->> 'item_id',
            plan = said ->> 'plan', status = said ->> 'status', running = (said ->> 'running')::integer,
            renews_at = (said ->> 'renews_at')::timestamptz, ends_at = (said ->> 'ends_at')::timestamptz,
            -- A plan that stays unpaid has a newer bill each month; the time it is kept for does not begin anew.
            grace_until = case when said ->> 'grace_until' is not null then least((said ->> 'grace_until')::timestamptz,
                case when a.status = 'past_due' then a.grace_until end) end,
            asked_at = now(),
            due_at = case when a.due_at = held then
                least(now() + interval '1 day',
                    case when (said ->> 'grace_until')::timestamptz > now() then (said ->> 'grace_until')::timestamptz end)
                else a.due_at end
        where a.workspace_id = workspace returning a.* into after;
    if (before.plan, before.status) is distinct from (after.plan, after.status) then
        perform auth_note((select m.user_id from memberships m where m.workspace_id = workspace and m.role = 'owner'),
            'plan_changed', workspace, workspace, jsonb_build_object(
            'from', before.plan, 'to', after.plan, 'status', after.status));
    end if;
    return true;
end $$;
ALTER FUNCTION public.billing_keep(workspace uuid, of_turn bigint, held timestamp with time zone, said jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.billing_mail_claim(hold_s integer) RETURNS TABLE(workspace_id uuid, id uuid, kind text, recipient text, workspace_name text, grace_until timestamp with time zone, balance_micros bigint, claimed_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare taken billing_mails;
begin
    update billing_mails b set due_at = null where b.due_at <= now() and (b.at < now() - interval '1 day'
        or not exists (select from memberships m join users u on u.id = m.user_id
            where m.workspace_id = b.workspace_id and m.user_id = b.user_id and role_rank(m.role) >= role_rank('admin')
                and u.disabled_at is null and u.deleted_at is null)
        or case b.kind
            when 'payment_failed' then plan_figures(b.workspace_id) is null or not exists (select from billing_accounts a
                where a.workspace_id = b.workspace_id and a.status = 'past_due')
            else not wallets_are_on() or not exists (select from wallets w
                where w.workspace_id = b.workspace_id and w.balance_micros < 5000000) end);
    update billing_mails b set tries = b.tries + 1, due_at = now() + make_interval(secs => hold_s)
        where (b.workspace_id, b.id) = (select d.workspace_id, d.id from billing_mails d where d.due_at <= now()
            order by d.due_at limit 1 for update skip locked)
        returning b.* into taken;
    if taken.id is null then return; end if;
    return query
        select taken.workspace_id, taken.id, taken.kind, u.email, w.name, a.grace_until, coalesce(l.balance_micros, 0), now()
        from workspaces w
        join users u on u.id = taken.user_id
        left join billing_accounts a on a.workspace_id = w.id
        left join wallets l on l.workspace_id = w.id
        where w.id = taken.workspace_id;
end $$;
ALTER FUNCTION public.billing_mail_claim(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.billing_mail_done(workspace uuid, mail uuid, problem text, again boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update billing_mails b set error = problem, due_at = case when again
            then now() + make_interval(secs => least(30 * 2 ^ least(b.tries - 1, 20), 3600)) end
    where b.workspace_id = workspace and b.id = mail and b.due_at is not null
$$;
ALTER FUNCTION public.billing_mail_done(workspace uuid, mail uuid, problem text, again boolean) OWNER TO pp_auth;
CREATE FUNCTION public.billing_mails_due() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (select from billing_mails where due_at <= now())
$$;
ALTER FUNCTION public.billing_mails_due() OWNER TO pp_auth;
CREATE FUNCTION public.billing_part() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    insert into billing_partings (customer_id) values (old.customer_id) on conflict do nothing;
    return null;
end $$;
ALTER FUNCTION public.billing_part() OWNER TO pp_auth;
CREATE FUNCTION public.billing_parted(customer text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update billing_partings p set due_at = null where p.customer_id = customer and p.due_at > now()
$$;
ALTER FUNCTION public.billing_parted(customer text) OWNER TO pp_auth;
CREATE FUNCTION public.billing_parting(hold_s integer) RETURNS text
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update billing_partings p set due_at = now() + make_interval(secs => hold_s)
    where p.customer_id = (select d.customer_id from billing_partings d where d.due_at <= now()
        order by d.due_at limit 1 for update skip locked)
    returning p.customer_id
$$;
ALTER FUNCTION public.billing_parting(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.billing_payment_failed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform billing_promise(new.workspace_id, 'payment_failed');
    return null;
end $$;
ALTER FUNCTION public.billing_payment_failed() OWNER TO pp_auth;
CREATE FUNCTION public.billing_payments_keep(workspace uuid, of_turn bigint, said jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare item record;
begin
    perform from billing_accounts a where a.workspace_id = workspace and a.turn = of_turn for update;
    if not found then return false; end if;
    for item in
        select p ->> 'charge_id' as charge, (p ->> 'is_test')::boolean as is_test, k.kind, (p ->> k.kind)::bigint * k.sign - coalesce((
            select sum(e.micros)::bigint from wallet_entries e
            where e.workspace_id = workspace and e.charge_id = p ->> 'charge_id' and e.kind = k.kind), 0) as change
        from jsonb_array_elements(said) p, (values (1, 'top_up', 1), (2, 'refund', -1), (3, 'dispute', -1)) k (place, kind, sign)
        order by p ->> 'charge_id', k.place
    loop
        perform wallet_move(workspace, item.kind, item.change, item.charge, null, null, item.is_test);
    end loop;
    return true;
end $$;
ALTER FUNCTION public.billing_payments_keep(workspace uuid, of_turn bigint, said jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.billing_promise(workspace uuid, what text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    insert into billing_mails (workspace_id, user_id, kind)
    select m.workspace_id, m.user_id, what
    from memberships m join users u on u.id = m.user_id
    where m.workspace_id = workspace and role_rank(m.role) >= role_rank('admin')
        and u.disabled_at is null and u.deleted_at is null and u.guest_until is null
$$;
ALTER FUNCTION public.billing_promise(workspace uuid, what text) OWNER TO pp_auth;
CREATE FUNCTION public.billing_settle() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare paused integer;
begin
    update schedules s set next_at = null, paused_at = now(), pause_cause = 'plan'
    from (
        select o.workspace_id, o.id, row_number() over (partition by o.workspace_id order by o.created_at, o.id) as place
        from schedules o where o.paused_at is null
    ) o
    where o.workspace_id = s.workspace_id and o.id = s.id
        and o.place > (plan_figures(s.workspace_id) ->> 'schedules')::bigint;
    get diagnostics paused = row_count;
    delete from billing_events e where e.received_at < now() - interval '90 days';
    delete from billing_partings p where p.parted_at < now() - interval '400 days' and p.due_at is null;
    delete from plan_leads l where l.month < current_date - 400 and l.promised = 0;
    return paused;
end $$;
ALTER FUNCTION public.billing_settle() OWNER TO pp_auth;
CREATE FUNCTION public.billing_take(hold_s integer) RETURNS TABLE(workspace_id uuid, customer_id text, turn bigint, held_until timestamp with time zone)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update billing_accounts a set turn = a.turn + 1, due_at = now() + make_interval(secs => hold_s)
    where a.workspace_id = (select d.workspace_id from billing_accounts d where d.due_at <= now()
        order by d.due_at limit 1 for update skip locked)
    returning a.workspace_id, a.customer_id, a.turn, a.due_at
$$;
ALTER FUNCTION public.billing_take(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.billing_wait(wait_s integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update billing_accounts a set due_at = now() + make_interval(secs => wait_s) where a.due_at <= now();
    update billing_partings p set due_at = now() + make_interval(secs => wait_s) where p.due_at <= now();
$$;
ALTER FUNCTION public.billing_wait(wait_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.billing_wallet_low() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not exists (select from billing_mails m where m.workspace_id = new.workspace_id and m.kind = 'wallet_low'
        and m.at > now() - interval '1 day' and (m.due_at is not null or (m.tries > 0 and m.error is null)))
    then
        perform billing_promise(new.workspace_id, 'wallet_low');
    end if;
    return null;
end $$;
ALTER FUNCTION public.billing_wallet_low() OWNER TO pp_auth;
CREATE FUNCTION public.billing_wallets_check() RETURNS TABLE(workspace_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare wrong uuid[];
begin
    delete from billing_mails b where b.at < now() - interval '90 days';
    select coalesce(array_agg(w.workspace_id), '{}') into wrong from wallets w
        where w.balance_micros - w.owed_micros <> coalesce((select sum(e.micros) from wallet_entries e
            where e.workspace_id = w.workspace_id), 0);
    update wallets w set differs_since = case when w.workspace_id = any (wrong) then now() end
        where (w.differs_since is not null) <> (w.workspace_id = any (wrong));
    return query select unnest(wrong);
end $$;
ALTER FUNCTION public.billing_wallets_check() OWNER TO pp_auth;
CREATE FUNCTION public.book_carries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare typed jsonb; bare jsonb;
begin
    if new.found <> '{}' then
        new := lead_with(new, new.found);
        new.found := '{}';
    end if;
    if new.open_week is not null then
        new := lead_week(new);
    end if;
    typed := lead_typed(new);
    if typed <> '{}' then
        bare := to_jsonb(new) || jsonb_build_object('street', new.details -> 'street');
        new.found := (select jsonb_object_agg(name, jsonb_build_object('value', bare -> name,
                'origin', new.provenance -> name, 'reason', new.empty_reasons -> name))
            from jsonb_object_keys(typed) as name);
        new := lead_with(new, typed);
        if new.open_week is not null then
            new := lead_week(new);
        end if;
    end if;
    new.phone_is_mobile := new.phone_is_mobile and new.phone is not null;
    if not new.is_current then
        new.words := null;
        return new;
    end if;
    new.words := book_words(new.workspace_id, concat_ws(' ', new.name, new.address, new.city, new.postcode, new.phone,
        new.domain, new.website, new.email, new.chain));
    select c.status, c.owner_id, c.follow_up_on, c.tags, c.first_seen_at
        into new.team_status, new.owner_id, new.follow_up_on, new.tags, new.first_seen_at
        from companies c where c.workspace_id = new.workspace_id and c.id = new.company_id;
    return new;
end $$;
ALTER FUNCTION public.book_carries() OWNER TO pp_auth;
CREATE FUNCTION public.book_edited() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one company_edits; was text; shown text; is_gone boolean := tg_op = 'DELETE';
begin
    if is_gone then one := old; else one := new; end if;
    if tg_op = 'INSERT' then
        -- Of several corrections at once the first has put all of them into the leads.
        select case when l.found ? one.field then l.found -> one.field ->> 'value' else to_jsonb(l) ->> one.field end into was
            from leads l where l.workspace_id = one.workspace_id and l.company_id = one.company_id and l.is_current;
    else
        was := old.typed ->> one.field;
    end if;
    update leads l set found = l.found where l.workspace_id = one.workspace_id and l.company_id = one.company_id;
    select to_jsonb(l) ->> one.field into shown from leads l
        where l.workspace_id = one.workspace_id and l.company_id = one.company_id and l.is_current;
    insert into activities (workspace_id, company_id, user_id, kind, detail)
        select c.workspace_id, c.id, app_user_id(), 'edit', jsonb_build_object(
            'field', one.field, 'from', was, 'to', shown, 'taken_back', is_gone)
        from companies c where c.workspace_id = one.workspace_id and c.id = one.company_id;
    return null;
end $$;
ALTER FUNCTION public.book_edited() OWNER TO pp_auth;
CREATE FUNCTION public.book_email_kind(email text, is_role boolean) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    select case when email is null then null
        when lower(email) ~ '@(?:(?:[^@]+\.)?(?:126\.com|163\.com|alice\.it|andorra\.ad|arcor\.de|att\.net|bigpond\.com|bk\.ru|bluewin\.ch|blueyonder\.co\.uk|btconnect\.com|btinternet\.com|centrum\.cz|chello\.at|clix\.pt|comcast\.net|dnainternet\.net|elisanet\.fi|fastmail\.com|free\.fr|freenet\.de|gmail\.com|googlemail\.com|icloud\.com|inbox\.ru|inet\.fi|interia\.pl|iol\.pt|kolumbus\.fi|laposte\.net|libero\.it|list\.ru|luukku\.com|mac\.com|mail\.com|mail\.de|mail\.ru|mailbox\.org|me\.com|msn\.com|myp\.ad|naver\.com|netcabo\.pt|netti\.fi|ntlworld\.com|o2\.pl|onet\.pl|online\.de|orange\.fr|pm\.me|posteo\.de|pp\.inet\.fi|proton\.me|protonmail\.com|qq\.com|rambler\.ru|rocketmail\.com|rogers\.com|sapo\.pt|saunalahti\.fi|seznam\.cz|sfr\.fr|shaw\.ca|sky\.com|spray\.se|suomi24\.fi|t\-online\.de|talktalk\.net|telefonica\.net|telepac\.pt|telia\.com|terra\.es|tuta\.io|tutanota\.com|verizon\.net|virgilio\.it|virginmedia\.com|web\.de|welho\.com|wp\.pl|ymail\.com|zoho\.com)|(?:aol|gmx|hotmail|live|outlook|tiscali|wanadoo|yahoo|yandex)\.(?:com?\.)?[a-z]+)$' then 'free'
        when is_role then 'role' else 'personal' end
$_$;
CREATE FUNCTION public.book_ids(workspace uuid, wanted tsquery, tags text[], source text, kind text, open boolean, most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    SET work_mem TO '64MB'
    AS $_$
declare
    sampled constant integer := 200;
    prefix constant text := left(workspace::text, 8);
    labelled constant text := '(tags <> ''{}'' or jsonb_array_length(origins) > 1)'
        ' and book_labels(workspace_id, tags, origins) && %s';
    of_kind constant text := ' and email is not null and book_email_kind(email, is_role_address) = $3';
    within_hour constant text := ' and book_open_labels(workspace_id, time_zone, open_week) && $8';
    has text := case when wanted is null then 'true' else 'words @@ $2' end;
    labels constant text[] := (select array_agg(prefix || 'tag ' || one) from unnest(book_ids.tags) as one);
    hours text[];
    open_now text := 'true';
    found integer;
    are_open integer;
begin
    if workspace is null or workspace not in (select app_workspaces()) then
        return;
    end if;
    if book_ids.tags is not null then
        has := has || ' and ' || format(labelled, '$5');
    end if;
    if source is not null then
        has := has || ' and (lower(jsonb_extract_path_text(origins, ''0'', ''source'')) = $7'
            ' and jsonb_extract_path_text(origins, ''0'', ''source'') is not null or ' || format(labelled, 'array[$6]') || ')';
    end if;
    if open is not null then
        open_now := 'open_week is not null and (open_week @> minute_of_week(now(), time_zone)) = $9';
        has := has || ' and ' || open_now;
        hours := array(
            with recursive zones as (
                (select l.time_zone from leads l where l.workspace_id = workspace and l.is_current
                    and l.open_week is not null order by l.time_zone limit 1)
                union all
                select n.time_zone from zones z cross join lateral (
                    select l.time_zone from leads l where l.workspace_id = workspace and l.is_current
                        and l.open_week is not null and l.time_zone > z.time_zone order by l.time_zone limit 1) n)
            select prefix || z.time_zone || ' ' || m.minute % 1440 / 60 || ' ' || days
            from zones z, minute_of_week(now(), z.time_zone) as m (minute), generate_series(0, 127) as days
            where days >> m.minute / 1440 & 1 = open::integer);
    end if;
    if has <> 'true' then
        execute format('select count(*) filter (where %s), count(*) filter (where %s) from ('
            'select * from leads where workspace_id = $1 and is_current'
            ' order by workspace_id, confidence + coalesce(reach, confidence) desc, id desc limit $4) l', has, open_now)
            into found, are_open using workspace, wanted, kind, sampled, labels, prefix || 'source ' || source, source, hours, open;
    end if;
    return query execute format(case when open is null and found * 4 >= sampled * 3
        then 'select id from (select * from leads where workspace_id = $1 and is_current offset 0) l where %s%s%s limit $4'
        else 'select id from leads where workspace_id = $1 and is_current and %s%s%s limit $4' end,
        has, case when kind is not null then of_kind else '' end,
        case when open is not null and are_open * 4 < sampled then within_hour else '' end)
        using workspace, wanted, kind, most, labels, prefix || 'source ' || source, source, hours, open;
end $_$;
ALTER FUNCTION public.book_ids(workspace uuid, wanted tsquery, tags text[], source text, kind text, open boolean, most integer) OWNER TO pp_auth;
CREATE FUNCTION public.book_labels(workspace uuid, tags text[], origins jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select array_agg(distinct left(workspace::text, 8) || label) from (
        select 'tag ' || tag from unnest(tags) as tag
        union all
        select 'source ' || (origin ->> 'source') from jsonb_array_elements(origins - 0) as origin) as each (label)
    where label is not null
$$;
CREATE FUNCTION public.book_loses() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update leads l set is_current = true from (
        select distinct on (o.workspace_id, o.company_id) o.workspace_id, o.id
        from leads o where (o.workspace_id, o.company_id) in (
            select g.workspace_id, g.company_id from gone g where g.is_current)
        order by o.workspace_id, o.company_id, o.updated_at desc, o.id desc) as next
    where l.workspace_id = next.workspace_id and l.id = next.id;
    delete from companies c where (c.workspace_id, c.id) in (select g.workspace_id, g.company_id from gone g)
        and not exists (select from leads l where l.workspace_id = c.workspace_id and l.company_id = c.id);
    return null;
end $$;
ALTER FUNCTION public.book_loses() OWNER TO pp_auth;
CREATE FUNCTION public.book_name(name text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select coalesce(nullif(string_agg(word, '' order by place) filter (where word <> all (array['ab', 'ag', 'as', 'bv', 'co',
        'company', 'corp', 'ey', 'ek', 'gbr', 'gmbh', 'inc', 'kft', 'kg', 'ky', 'lda', 'llc', 'llp', 'ltd', 'limited', 'mbh',
        'nv', 'ohg', 'oy', 'oyj', 'plc', 'sa', 'sarl', 'sas', 'sl', 'slu', 'sprl', 'srl', 'tmi', 'ug'])), ''), squeezed(name))
    from regexp_split_to_table(regexp_replace(translate(normalize(replace(replace(replace(replace(replace(
        lower(coalesce(name, '')), 'ß', 'ss'), '&', ' and '), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), nfkd),
        'øđðłı''’‘`´.·', 'oddli'), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+') with ordinality as w (word, place)
    where word <> ''
$$;
CREATE FUNCTION public.book_named(workspace uuid, emails text[], domains text[], phones text[], names text[]) RETURNS TABLE(company_id uuid, name text, category text, chain text, domain text, phone text, email text, city text, postcode text, details jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select l.company_id, l.name, l.category, l.chain, l.domain, l.phone, l.email, l.city, l.postcode, l.details from leads l
    where l.workspace_id = workspace and l.is_current
        and (session_user = 'pp_system' or workspace = app_job_workspace() or workspace in (select app_workspaces_as('member')))
        and l.id in (
            select o.id from leads o where o.workspace_id = workspace and o.is_current and o.domain = any(domains)
            union all
            select o.id from leads o where o.workspace_id = workspace and o.is_current and o.phone = any(phones)
            union all
            select o.id from leads o where o.workspace_id = workspace and o.is_current and o.email is not null
                and lower(o.email) = any(emails)
            union all
            select o.id from leads o where o.workspace_id = workspace and o.is_current
                and book_name(o.name) = any(array(select book_name(n) from unnest(names) as n))
            union all
            select o.id from leads o where o.is_current
                and o.details ?| array['other_phones', 'other_emails', 'other_websites']
                and book_others(o.workspace_id, o.details) && array(
                    select left(workspace::text, 8) || v from unnest(emails || domains || phones) as v))
$$;
ALTER FUNCTION public.book_named(workspace uuid, emails text[], domains text[], phones text[], names text[]) OWNER TO pp_auth;
CREATE FUNCTION public.book_notes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare me uuid := app_user_id(); what record;
begin
    update leads set team_status = new.status, owner_id = new.owner_id, follow_up_on = new.follow_up_on, tags = new.tags
        where workspace_id = new.workspace_id and company_id = new.id and is_current;
    for what in
        select k.kind, k.was, k.now from (values
            ('status', to_jsonb(old.status), to_jsonb(new.status)), ('owner', to_jsonb(old.owner_id), to_jsonb(new.owner_id)),
            ('follow_up', to_jsonb(old.follow_up_on), to_jsonb(new.follow_up_on)), ('tags', to_jsonb(old.tags), to_jsonb(new.tags))
        ) as k (kind, was, now) where k.was is distinct from k.now
    loop
        insert into activities (workspace_id, company_id, user_id, kind, detail)
            values (new.workspace_id, new.id, me, what.kind, jsonb_build_object('from', what.was, 'to', what.now));
    end loop;
    return null;
end $$;
ALTER FUNCTION public.book_notes() OWNER TO pp_auth;
CREATE FUNCTION public.book_open_labels(workspace uuid, time_zone text, open_week int4multirange) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare
    prefix constant text := left(workspace::text, 8) || time_zone || ' ';
    at_some_time integer[] := array_fill(0, array[24], array[0]);
    all_along integer[] := at_some_time;
    labels text[] := '{}';
    span int4range;
begin
    for span in select unnest(open_week) loop
        for h in lower(span) / 60 .. (upper(span) - 1) / 60 loop
            at_some_time[h % 24] := at_some_time[h % 24] | (1 << h / 24);
            if span @> int4range(h * 60, h * 60 + 60) then
                all_along[h % 24] := all_along[h % 24] | (1 << h / 24);
            end if;
        end loop;
    end loop;
    for hour in 0 .. 23 loop
        labels := labels || (prefix || hour || ' ' || at_some_time[hour]);
        if all_along[hour] <> at_some_time[hour] then
            labels := labels || (prefix || hour || ' ' || all_along[hour]);
        end if;
    end loop;
    return labels;
end $$;
CREATE FUNCTION public.book_others(workspace uuid, details jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select array_agg(distinct left(workspace::text, 8) || value) from (
        select lower(v) from unnest(string_to_array(concat_ws('; ', details ->> 'other_phones', details ->> 'other_emails'), '; ')) as v
        union all
        select substring(lower(v) from '^[a-z]+://(?:www\.)?([^/:?#]+)')
            from unnest(string_to_array(details ->> 'other_websites', '; ')) as v) as each (value)
    where value <> ''
$$;
CREATE FUNCTION public.book_plain(words text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select case when octet_length(coalesce(words, '')) = char_length(coalesce(words, '')) then lower(coalesce(words, ''))
        else lower(regexp_replace(normalize(words, nfkd), '[\u0300-\u036f]', '', 'g')) end
$$;
CREATE FUNCTION public.book_record_key(source text, ref text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select substring(sha256(convert_to(concat_ws(E'\x1f', 'record', source, ref), 'UTF8')) for 16)
$$;
CREATE FUNCTION public.book_tag_text(tags text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select lower(array_to_string(tags, ', '))
$$;
CREATE FUNCTION public.book_tags(workspace uuid) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with recursive sets as (
        (select l.tags from leads l where l.workspace_id = workspace and l.is_current and l.tags <> '{}'
            and workspace in (select app_workspaces()) order by l.tags limit 1)
        union all
        select n.tags from sets s cross join lateral (
            select l.tags from leads l where l.workspace_id = workspace and l.is_current and l.tags <> '{}'
                and l.tags > s.tags order by l.tags limit 1) n)
    select distinct unnest(s.tags) from sets s
$$;
ALTER FUNCTION public.book_tags(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.book_words(workspace uuid, words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select to_tsvector('simple', coalesce(string_agg(left(workspace::text, 8) || word, ' '), ''))
    from regexp_split_to_table(book_plain(words), '[^[:alnum:]]+') as word where word <> ''
$$;
CREATE FUNCTION public.bulk_admit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare item spend_limits; asking api_keys; room bigint;
begin
    perform spend_sees_all();
    for item in
        select l.* from spend_limits l
        where l.workspace_id is null or (l.workspace_id = new.workspace_id and (l.user_id is null or l.user_id = (
            select b.created_by from bulk_orders b where b.workspace_id = new.workspace_id and b.id = new.bulk_id)))
        order by l.period desc, l.scope for no key update
    loop
        room := item.micros - spend_used(item) - spend_promised(item);
        if room < new.cap_micros then
            raise exception using errcode = 'PPLIM', message = 'a money limit is reached', detail = jsonb_build_object(
                'scope', item.scope, 'period', item.period, 'left', greatest(0, room));
        end if;
    end loop;
    select k.* into asking from api_keys k where k.key_hash = app_proof();
    if asking.limit_micros is null then return null; end if;
    perform from api_keys k where k.workspace_id = asking.workspace_id and k.id = asking.id for no key update;
    room := asking.limit_micros - key_ordered(asking.workspace_id, asking.id);
    if room < new.cap_micros then
        raise exception using errcode = 'PPKEY', message = 'the money limit of a key is reached',
            detail = jsonb_build_object('left', greatest(0, room), 'is_own', true);
    end if;
    return null;
end $$;
ALTER FUNCTION public.bulk_admit() OWNER TO pp_auth;
CREATE FUNCTION public.bulk_count() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare bulk uuid; change bigint := spend_counts(new.state, new.price_micros, new.cost_micros);
begin
    select c.bulk_id into bulk from campaigns c where c.workspace_id = new.workspace_id and c.id = new.campaign_id;
    if bulk is null then return null; end if;
    perform spend_sees_all();
    if tg_op = 'UPDATE' then
        change := change - spend_counts(old.state, old.price_micros, old.cost_micros);
    end if;
    update bulk_caps b set used_micros = b.used_micros + change
        where b.workspace_id = new.workspace_id and b.bulk_id = bulk
            and (change <= 0 or b.used_micros + change <= b.cap_micros);
    if not found then
        raise exception using errcode = 'PPBLK', message = 'the cap of a bulk order is reached';
    end if;
    return null;
end $$;
ALTER FUNCTION public.bulk_count() OWNER TO pp_auth;
CREATE FUNCTION public.bulk_forgets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update bulk_orders set title = 'Bulk order' where workspace_id = new.workspace_id and id = new.bulk_id;
    return null;
end $$;
ALTER FUNCTION public.bulk_forgets() OWNER TO pp_auth;
CREATE FUNCTION public.bulk_goes_on() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update bulk_orders set ended_at = null, stopped_at = null
        where workspace_id = new.workspace_id and id = new.bulk_id;
    return null;
end $$;
ALTER FUNCTION public.bulk_goes_on() OWNER TO pp_auth;
CREATE FUNCTION public.bulk_note() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare was bulk_orders; what text;
begin
    if tg_op = 'UPDATE' then was := old; end if;
    what := case
        when tg_op = 'INSERT' then 'bulk_order_placed'
        when new.deleted_at is not null and was.deleted_at is null then 'bulk_order_deleted'
        when new.stopped_at is not null and was.stopped_at is null then 'bulk_order_stopped'
        when new.paused_at is not null and was.paused_at is null then 'bulk_order_paused'
        when new.paused_at is null and was.paused_at is not null then 'bulk_order_resumed' end;
    if what is not null then
        perform auth_note(app_user_id(), what, new.workspace_id, new.id, '{}');
    end if;
    return null;
end $$;
ALTER FUNCTION public.bulk_note() OWNER TO pp_auth;
CREATE FUNCTION public.bulk_status(open bigint, begun bigint, completed bigint, failed bigint, cancelled bigint, total bigint, is_paused boolean, is_stopped boolean) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select case
        when open > 0 and is_paused then 'paused'
        when open > 0 and begun = 0 then 'pending'
        when open > 0 then 'processing'
        when completed = total then 'completed'
        when failed = total then 'failed'
        when cancelled = total or (is_stopped and cancelled > 0) then 'cancelled'
        else 'partial' end
$$;
CREATE FUNCTION public.bulk_sums(of_workspace uuid, of_bulk uuid) RETURNS TABLE(total bigint, open bigint, pending bigint, processing bigint, completed bigint, partial bigint, failed bigint, cancelled bigint, businesses bigint, leads bigint, emails_found bigint, emails_verified bigint, spent_micros bigint, saved_micros bigint, uncertain_micros bigint, simulated boolean, begun_at timestamp with time zone, over_at timestamp with time zone)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select count(*), count(*) filter (where c.ended_at is null), count(*) filter (where c.status = 'pending'),
        count(*) filter (where c.status = 'processing'), count(*) filter (where c.status = 'completed'),
        count(*) filter (where c.status = 'partial'), count(*) filter (where c.status = 'failed'),
        count(*) filter (where c.status = 'cancelled'), sum(c.businesses_found)::bigint, sum(c.lead_count)::bigint,
        sum(c.emails_found)::bigint, sum(c.emails_verified)::bigint, sum(c.spent_micros)::bigint,
        sum(c.saved_micros)::bigint, sum(c.uncertain_micros)::bigint, bool_or(c.simulated), min(c.started_at),
        case when bool_and(c.ended_at is not null) then max(c.ended_at) end
    from campaigns c where c.workspace_id = of_workspace and c.bulk_id = of_bulk
    having count(*) > 0
$$;
CREATE FUNCTION public.cache_forget(questions jsonb, since timestamp with time zone, campaigns uuid[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    delete from provider_cache c using jsonb_to_recordset(questions)
            as q (provider text, operation text, arguments jsonb, hash text)
        where c.provider = q.provider and c.operation = q.operation and c.argument_hash = decode(q.hash, 'hex')
            and c.fetched_at >= since
            and not exists (select from provider_calls o where o.provider = q.provider and o.operation = q.operation
                and md5(o.arguments::text) = md5(q.arguments::text) and o.campaign_id <> all(campaigns));
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.cache_forget(questions jsonb, since timestamp with time zone, campaigns uuid[]) OWNER TO pp_auth;
CREATE FUNCTION public.call_answered(workspace uuid, call_key bytea, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean, question_provider text, question_operation text, question_hash bytea, days integer, asker uuid) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare came_to text := ledger_settle(
        workspace, call_key, 'done', cost, status, answer, has_found, is_simulated, null);
    begin
        if question_hash is null then return came_to; end if;
        insert into provider_cache (provider, operation, argument_hash, response, expires_at)
        values (question_provider, question_operation, question_hash, answer, now() + make_interval(days => days))
        on conflict (provider, operation, argument_hash)
        do update set response = excluded.response, fetched_at = now(), expires_at = excluded.expires_at;
        delete from provider_flights where provider = question_provider and operation = question_operation
            and argument_hash = question_hash and holder = asker;
        return came_to;
    end $$;
CREATE FUNCTION public.call_counts(state text, cost bigint, saved bigint, found boolean, OUT calls bigint, OUT asked bigint, OUT hits bigint, OUT cost_micros bigint, OUT saved_micros bigint, OUT missed_micros bigint, OUT uncertain_micros bigint) RETURNS record
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select (state in ('done', 'unknown'))::int::bigint, (state = 'done')::int::bigint,
        (state = 'done' and coalesce(found, false))::int::bigint, cost, saved,
        case when state = 'done' and not coalesce(found, true) then cost else 0 end,
        case when state = 'unknown' then cost else 0 end
$$;
CREATE FUNCTION public.call_look(job uuid, token bigint, workspace uuid, call_key bytea, question_provider text, question_operation text, question_hash bytea, asker uuid, seconds integer) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    begin
        perform worker_asks(job, token);
        if exists (select from provider_calls where workspace_id = workspace and key = call_key) then return 'known'; end if;
        if question_hash is null then return 'mine'; end if;
        if exists (select from provider_cache where provider = question_provider and operation = question_operation
            and argument_hash = question_hash and expires_at > now()) then return 'cached'; end if;
        -- A claim that a crash of the server undoes harms nobody: the intent makes it again.
        perform set_config('synchronous_commit', 'off', true);
        if not flight_claim(question_provider, question_operation, question_hash, asker, seconds) then
            return 'elsewhere';
        end if;
        -- An answer may have come, and its flight have ended, between the two looks.
        if exists (select from provider_cache where provider = question_provider and operation = question_operation
            and argument_hash = question_hash and expires_at > now()) then
            delete from provider_flights where provider = question_provider and operation = question_operation
                and argument_hash = question_hash and holder = asker;
            return 'cached';
        end if;
        return 'mine';
    end $$;
CREATE FUNCTION public.call_sums_add(call public.provider_calls, sign integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare n record; whose uuid; of_call call_sums;
begin
    select * into n from call_counts(call.state, call.cost_micros, call.saved_micros, call.found);
    of_call := (call.workspace_id, (call.sent_at at time zone 'UTC')::date, call.campaign_id, call.provider, n.calls, n.asked,
        n.hits, n.cost_micros, n.saved_micros, n.missed_micros, n.uncertain_micros);
    if sign > 0 then
        insert into call_sums as s select of_call.*
            on conflict (workspace_id, day, campaign_id, provider) do update set calls = s.calls + n.calls,
                asked = s.asked + n.asked, hits = s.hits + n.hits, cost_micros = s.cost_micros + n.cost_micros,
                saved_micros = s.saved_micros + n.saved_micros, missed_micros = s.missed_micros + n.missed_micros,
                uncertain_micros = s.uncertain_micros + n.uncertain_micros;
    else
        update call_sums s set calls = s.calls - n.calls, asked = s.asked - n.asked, hits = s.hits - n.hits,
                cost_micros = s.cost_micros - n.cost_micros, saved_micros = s.saved_micros - n.saved_micros,
                missed_micros = s.missed_micros - n.missed_micros, uncertain_micros = s.uncertain_micros - n.uncertain_micros
            where s.workspace_id = of_call.workspace_id and s.day = of_call.day and s.campaign_id = of_call.campaign_id
                and s.provider = of_call.provider;
    end if;
    select created_by into whose from campaigns
        where workspace_id = call.workspace_id and id = call.campaign_id and ended_at is not null;
    if found then
        perform spend_sums_add(of_call, whose, 0, 0, sign);
    end if;
end $$;
ALTER FUNCTION public.call_sums_add(call public.provider_calls, sign integer) OWNER TO pp_auth;
CREATE FUNCTION public.call_sums_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if tg_op <> 'INSERT' and (old.state in ('done', 'unknown') or old.cost_micros > 0 or old.saved_micros > 0) then
        perform call_sums_add(old, -1);
    end if;
    if tg_op <> 'DELETE' and (new.state in ('done', 'unknown') or new.cost_micros > 0 or new.saved_micros > 0) then
        perform call_sums_add(new, 1);
    end if;
    return null;
end $$;
ALTER FUNCTION public.call_sums_keep() OWNER TO pp_auth;
CREATE FUNCTION public.calls_forget(workspace uuid, keys bytea[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    update provider_calls set arguments = '{}', subject = null, response = null, error = null, may_repeat = false,
            key = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
        where workspace_id = workspace and key = any(keys);
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.calls_forget(workspace uuid, keys bytea[]) OWNER TO pp_auth;
CREATE FUNCTION public.campaign_loses_replies() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from api_replies r where r.workspace_id = new.workspace_id and strpos(r.body, new.id::text) > 0;
    return null;
end $$;
ALTER FUNCTION public.campaign_loses_replies() OWNER TO pp_auth;
CREATE FUNCTION public.campaign_loses_tags() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    new.tags := '{}';
    return new;
end $$;
ALTER FUNCTION public.campaign_loses_tags() OWNER TO pp_auth;
CREATE FUNCTION public.campaign_order(spec jsonb) RETURNS uuid
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    select md5(coalesce(string_agg(name || '=' || said, E'\x1f' order by name collate "C"), ''))::uuid
    from (
        select e.key as name, case when e.key = 'budget_usd' and e.value #>> '{}' ~ '^[0-9]{1,12}([.][0-9]{1,6})?$'
            then trim_scale((e.value #>> '{}')::numeric)::text else e.value::text end as said
        from jsonb_each(spec) as e (key, value)) as part
    where said not in ('null', '0', 'false', '""', '[]', '{}')
        and (name, said) <> ('known_companies', '"include"')  -- what every order said before it could be chosen
$_$;
CREATE FUNCTION public.campaign_remove(home uuid, campaign uuid, began timestamp with time zone, questions jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare job uuid;
begin
    select id into job from discovery_jobs where workspace_id = home and campaign_id = campaign;
    perform cache_forget(questions, began, array[campaign]);
    delete from leads where workspace_id = home and campaign_id = campaign;
    delete from businesses where workspace_id = home and campaign_id = campaign;
    delete from job_events where workspace_id = home and job_id = job;
    update outbox set error = null where workspace_id = home and job_id = job;
    update exports set filter = '{}' where workspace_id = home and campaign_id = campaign;
    perform calls_forget(home, array(
        select key from provider_calls where workspace_id = home and campaign_id = campaign));
    update discovery_jobs set error = null, metrics = '{}' where workspace_id = home and campaign_id = campaign;
    update campaigns set title = 'Deleted campaign', outcome_reason = null, notice = null, suspicion = null,
            left_out = '[]', deleted_at = now(),
            spec = jsonb_build_object('business_types', array['deleted'], 'location', 'deleted',
                'budget_usd', spec -> 'budget_usd')
        where workspace_id = home and id = campaign;
    perform auth_note(app_user_id(), 'campaign_deleted', home, campaign, '{}');
end $$;
ALTER FUNCTION public.campaign_remove(home uuid, campaign uuid, began timestamp with time zone, questions jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.campaign_search(spec jsonb) RETURNS uuid
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select md5((
        spec - '{max_results,budget_usd,waterfall,known_companies,skip_customers,own_list,must_have,nice_to_have,must_not}'::text[]
        - array(select e.key from jsonb_each(spec) as e (key, value)
            where e.key in ('chains_only', 'with_website', 'without_website', 'with_hours') and e.value = 'false'
                or e.key in ('min_rating', 'min_reviews', 'founded_since') and e.value = 'null'
                or e.key = 'company_sizes' and e.value = '[]')
    )::text)::uuid
$$;
CREATE FUNCTION public.campaigns_to_check(most integer) RETURNS TABLE(workspace_id uuid, id uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare reached text; in_turn record;
begin
    return query select c.workspace_id, c.id from campaigns c
        where c.ended_at is null or c.ended_at > now() - interval '1 day';
    select encode(i.value, 'hex') into reached from installation i where i.name = 'checked' for update;
    reached := coalesce(nullif(reached, ''), repeat('0', 64));
    for in_turn in
        select c.workspace_id, c.id from campaigns c
        where (c.workspace_id, c.id) > (left(reached, 32)::uuid, right(reached, 32)::uuid)
        order by c.workspace_id, c.id limit most
    loop
        workspace_id := in_turn.workspace_id;
        id := in_turn.id;
        most := most - 1;
        return next;
    end loop;
    -- After the last one comes the first again.
    insert into installation (name, value) values ('checked', case when most > 0 then ''::bytea
            else uuid_send(workspace_id) || uuid_send(id) end)
        on conflict (name) do update set value = excluded.value;
end $$;
ALTER FUNCTION public.campaigns_to_check(most integer) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_admits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if exists (select from users u where u.id = app_user_id() and u.guest_until is not null) then
        raise insufficient_privilege using message = 'guests make no links';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('client links ' || new.workspace_id, 0));
    delete from client_links l
        where l.workspace_id = new.workspace_id and least(l.revoked_at, l.expires_at) < now() - interval '90 days';
    if (select count(*) from client_links l where l.workspace_id = new.workspace_id
        and l.revoked_at is null and l.expires_at > now()) >= 100 then
        raise check_violation using message = 'a workspace has 100 open links at most', constraint = 'client_links_most';
    end if;
    return new;
end $$;
ALTER FUNCTION public.client_link_admits() OWNER TO pp_auth;
CREATE FUNCTION public.client_link_email(value text, is_whole boolean) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    select case when is_whole then value
        else regexp_replace(value, '^(?:(.).+|.)@(?=[^@]*$)', '\1•••@') end
$_$;
ALTER FUNCTION public.client_link_email(value text, is_whole boolean) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_enter(key bytea, derived text, visit bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one client_links;
begin
    select l.* into one from client_link_of(key) l;
    update client_links l set tries = l.tries - 1
        where l.workspace_id = one.workspace_id and l.id = one.id and l.tries > 0;
    if not found or one.password_hash is distinct from derived or visit is null then return false; end if;
    update client_links l set wrong = 0, wrong_at = null where l.workspace_id = one.workspace_id and l.id = one.id;
    delete from client_link_visits v
        where v.workspace_id = one.workspace_id and v.link_id = one.id and v.until < now();
    insert into client_link_visits values (one.workspace_id, one.id, sha256(visit), now() + interval '12 hours')
        on conflict do nothing;
    return true;
end $$;
ALTER FUNCTION public.client_link_enter(key bytea, derived text, visit bytea) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_is_open(link public.client_links, visit bytea) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select link.password_hash is null or exists (select from client_link_visits v
        where v.workspace_id = link.workspace_id and v.link_id = link.id and v.key_hash = sha256(visit) and v.until > now())
$$;
ALTER FUNCTION public.client_link_is_open(link public.client_links, visit bytea) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_leads(key bytea, visit bytea, kept_here text[], after_confidence integer, after_id uuid, most integer) RETURNS TABLE(id uuid, name text, category text, place text, website text, opening_hours text, email text, phone text, confidence integer, is_simulated boolean, origins jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    with link as materialized (
        select l.workspace_id, l.id, l.campaign_id, l.shows_contacts as is_whole
        from client_link_of(key) l where client_link_is_open(l, visit)
    ), every as (
        select l.*, k.is_whole
        from link k join leads l on l.workspace_id = k.workspace_id and l.campaign_id = k.campaign_id
        union all
        select l.*, k.is_whole
        from link k
        join client_link_companies x on x.workspace_id = k.workspace_id and x.link_id = k.id and k.campaign_id is null
        join leads l on l.workspace_id = x.workspace_id and l.company_id = x.company_id and l.is_current
    ), shown as (
        select l.*
        from every l
        where l.name <> 'Name removed'
            and client_link_value(l.name, 'name', l.provenance, kept_here) is not null
            and not exists (select from suppressed_companies s
                where s.workspace_id = l.workspace_id and s.company_id = l.company_id and (
                    exists (select from suppressions x where x.workspace_id = s.workspace_id and x.value_hash = s.value_hash)
                    or exists (select from installation_suppressions x where x.value_hash = s.value_hash)))
            and (after_id is null or (-l.confidence, l.id) > (-after_confidence, after_id))
        order by l.confidence desc, l.id limit most
    )
    select l.id, client_link_text(l.name, l.is_whole), l.category,
        client_link_text(coalesce(client_link_value(l.address, 'address', l.provenance, kept_here), nullif(concat_ws(', ',
            concat_ws(' ', client_link_value(l.postcode, 'postcode', l.provenance, kept_here),
                client_link_value(l.city, 'city', l.provenance, kept_here)),
            client_link_value(l.country, 'country', l.provenance, kept_here)), '')), l.is_whole),
        case when l.is_whole then w.website else substring(w.website from '^https?://[^/?#@\s]+(?=[/?#]|$)') end,
        client_link_text(client_link_value(l.opening_hours, 'opening_hours', l.provenance, kept_here), l.is_whole),
        case when l.email_status <> 'invalid' then
            client_link_email(client_link_value(l.email, 'email', l.provenance, kept_here), l.is_whole) end,
        client_link_phone(client_link_value(l.phone, 'phone', l.provenance, kept_here), l.is_whole),
        l.confidence, c.simulated, (select coalesce(jsonb_agg(distinct jsonb_build_object('ref', '', 'source', o -> 'source',
                'licence', o -> 'licence', 'attribution', o -> 'attribution')), '[]')
            from jsonb_array_elements(l.origins) o where o ->> 'source' <> all(kept_here))
    from shown l
    join campaigns c on c.workspace_id = l.workspace_id and c.id = l.campaign_id
    cross join lateral (select client_link_value(l.website, 'website', l.provenance, kept_here) as website) w
    order by l.confidence desc, l.id
$_$;
ALTER FUNCTION public.client_link_leads(key bytea, visit bytea, kept_here text[], after_confidence integer, after_id uuid, most integer) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_noted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform auth_note(new.made_by, 'client_link_made', new.workspace_id, new.id, jsonb_build_object(
        'contacts', new.shows_contacts, 'download', new.allows_download, 'password', new.password_hash is not null));
    return null;
end $$;
ALTER FUNCTION public.client_link_noted() OWNER TO pp_auth;
CREATE FUNCTION public.client_link_of(key bytea) RETURNS SETOF public.client_links
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select l.*
    from client_links l
    join memberships m on m.workspace_id = l.workspace_id and m.user_id = l.made_by
    join users u on u.id = l.made_by
    where l.token_hash = key and l.revoked_at is null and l.expires_at > now()
        and role_rank(m.role) >= role_rank('member') and u.disabled_at is null
        and (l.campaign_id is null or exists (select from campaigns c
            where c.workspace_id = l.workspace_id and c.id = l.campaign_id and c.deleted_at is null))
$$;
ALTER FUNCTION public.client_link_of(key bytea) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_phone(value text, is_whole boolean) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select case when is_whole then value else concat_ws(' ', substring(d.digits from
            '^\+(?:[17]|2[07]|2[1-689]\d|3[0-469]|3[578]\d|4[013-9]|42\d|5[1-8]|5[09]\d|6[0-6]|6[7-9]\d|8[1246]|8[035789]\d|'
            || '9[0-58]|9[679]\d)'),
        '•••' || case when length(d.digits) >= 8 then right(d.digits, 2) else '' end) end
    from (select regexp_replace(split_part(value, ';', 1), '[^\d+]', '', 'g') as digits) d
$$;
ALTER FUNCTION public.client_link_phone(value text, is_whole boolean) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_revoke(workspace uuid, link uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update client_links l set revoked_at = now()
        where l.workspace_id = workspace and l.id = link and l.revoked_at is null and l.expires_at > now()
            and workspace in (select app_workspaces_as('member'))
            and (l.made_by = app_user_id() or workspace in (select app_workspaces_as('admin')));
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'client_link_revoked', workspace, link, '{}');
    return true;
end $$;
ALTER FUNCTION public.client_link_revoke(workspace uuid, link uuid) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_see(key bytea, visit bytea) RETURNS TABLE(shows text, shows_contacts boolean, allows_download boolean, expires_at timestamp with time zone, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select case when o.is_open then l.shows end, l.shows_contacts, l.allows_download, l.expires_at, o.is_open
    from client_link_of(key) l, lateral (select client_link_is_open(l, visit) as is_open) o
$$;
ALTER FUNCTION public.client_link_see(key bytea, visit bytea) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_sheet(key bytea) RETURNS TABLE(came_to text, file_id uuid, name text, bytes bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one client_links; file export_files;
begin
    select l.* into one from client_link_of(key) l where l.schedule_id is not null;
    if not found then return; end if;
    select f.* into file
        from schedule_runs r
        join schedules s on s.workspace_id = r.workspace_id and s.id = r.schedule_id and s.created_by = one.made_by
        join schedule_exports e on e.workspace_id = s.workspace_id and e.schedule_id = s.id and e.target = 'link'
        join export_files f on f.workspace_id = r.workspace_id and f.id = r.id
        where r.workspace_id = one.workspace_id and r.schedule_id = one.schedule_id and r.outcome = 'sent'
            and f.state = 'ready' and f.ends_at > now()
        order by r.begun_at desc limit 1;
    if file.id is null then return query select 'nothing', null::uuid, null, null::bigint; return; end if;
    update client_links l set files = case when l.files_since > now() - interval '1 hour' then l.files + 1 else 1 end,
            files_since = case when l.files_since > now() - interval '1 hour' then l.files_since else now() end,
            views = l.views + 1, viewed_at = now()
        where l.workspace_id = one.workspace_id and l.id = one.id
            and (l.files < 20 or l.files_since <= now() - interval '1 hour');
    if not found then return query select 'too_many', null::uuid, null, null::bigint; return; end if;
    perform auth_note(one.made_by, 'client_link_downloaded', one.workspace_id, one.id,
        jsonb_build_object('leads', file.row_count));
    return query select 'done', file.id, file.name, file.bytes;
end $$;
ALTER FUNCTION public.client_link_sheet(key bytea) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_sheet_part(key bytea, file uuid, nth integer) RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select p.data
    from client_link_of(key) l
    join schedule_runs r on r.workspace_id = l.workspace_id and r.schedule_id = l.schedule_id and r.id = file
    join schedules s on s.workspace_id = r.workspace_id and s.id = r.schedule_id and s.created_by = l.made_by
    join schedule_exports e on e.workspace_id = s.workspace_id and e.schedule_id = s.id and e.target = 'link'
    join export_parts p on p.workspace_id = r.workspace_id and p.file_id = r.id
    where p.number = nth
$$;
ALTER FUNCTION public.client_link_sheet_part(key bytea, file uuid, nth integer) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_taken(key bytea, visit bytea, export_id uuid, taken uuid[], sha bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one client_links;
begin
    select l.* into one from client_link_of(key) l where l.allows_download and client_link_is_open(l, visit);
    if not found then return 'closed'; end if;
    update client_links l set files = case when l.files_since > now() - interval '1 hour' then l.files + 1 else 1 end,
            files_since = case when l.files_since > now() - interval '1 hour' then l.files_since else now() end
        where l.workspace_id = one.workspace_id and l.id = one.id
            and (l.files < 20 or l.files_since <= now() - interval '1 hour');
    if not found then return 'too_many'; end if;
    perform from companies c where c.workspace_id = one.workspace_id and c.id = any (array(
            select l.company_id from leads l where l.workspace_id = one.workspace_id and l.id = any (taken)))
        order by c.id for no key update;
    update companies c set exported_at = now() where c.workspace_id = one.workspace_id and c.id = any (array(
            select l.company_id from leads l where l.workspace_id = one.workspace_id and l.id = any (taken)));
    insert into exports (workspace_id, id, campaign_id, user_id, format, filter, row_count, sha256)
        values (one.workspace_id, export_id, one.campaign_id, one.made_by, 'client_link', '{}', cardinality(taken), sha);
    perform auth_note(one.made_by, 'client_link_downloaded', one.workspace_id, one.id,
        jsonb_build_object('leads', cardinality(taken)));
    return 'done';
end $$;
ALTER FUNCTION public.client_link_taken(key bytea, visit bytea, export_id uuid, taken uuid[], sha bytea) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_text(value text, is_whole boolean) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select case when is_whole then value else
        regexp_replace(regexp_replace(value, '[^\s@,;<>()]+@[^\s@,;<>()]+', '•••', 'g'),
            '\+\d[\d\s()/.-]{5,}\d|\m0\d{8,}', '•••', 'g') end
$$;
ALTER FUNCTION public.client_link_text(value text, is_whole boolean) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_try(key bytea) RETURNS TABLE(parameters text, refused boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
declare one client_links;
begin
    select l.* into one from client_link_of(key) l where l.password_hash is not null;
    if not found then return; end if;
    update client_links l set wrong_at = now(), tries = least(l.tries + 1, 10),
            wrong = case when l.wrong_at < now() - interval '15 minutes' then 1 else l.wrong + 1 end
        where l.workspace_id = one.workspace_id and l.id = one.id
            and (l.wrong < 10 or l.wrong_at < now() - interval '15 minutes');
    return query select regexp_replace(one.password_hash, '\$[^$]*$', ''), not found;
end $_$;
ALTER FUNCTION public.client_link_try(key bytea) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_value(value text, field text, provenance jsonb, kept_here text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select case when provenance -> field ->> 'source' = any(kept_here) then null else nullif(value, '') end
$$;
ALTER FUNCTION public.client_link_value(value text, field text, provenance jsonb, kept_here text[]) OWNER TO pp_auth;
CREATE FUNCTION public.client_link_viewed(key bytea, visit bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update client_links l set views = l.views + 1, viewed_at = now()
    from client_link_of(key) k
    where l.workspace_id = k.workspace_id and l.id = k.id and client_link_is_open(k, visit)
$$;
ALTER FUNCTION public.client_link_viewed(key bytea, visit bytea) OWNER TO pp_auth;
CREATE FUNCTION public.crm_list_kept() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare before uuid;
begin
    select c.customers_list into before from crm_connections c
        where c.workspace_id = new.workspace_id and c.customers_next = new.id for update;
    if not found then return null; end if;
    update crm_connections c set customers_list = new.id, customers_next = null
        where c.workspace_id = new.workspace_id and c.customers_next = new.id;
    update lists s set removed_at = now() where s.workspace_id = new.workspace_id and s.id = before and s.removed_at is null;
    if found then
        perform customers_count(new.workspace_id, array(
            select m.company_id from list_members m where m.workspace_id = new.workspace_id and m.list_id = before));
    end if;
    return null;
end $$;
ALTER FUNCTION public.crm_list_kept() OWNER TO pp_auth;
CREATE FUNCTION public.crm_noted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one crm_connections := coalesce(new, old);
begin
    -- A workspace that goes takes it along, and what a worker notes is nobody's act.
    if app_user_id() is not null then
        perform auth_note(app_user_id(), case tg_op when 'INSERT' then 'crm_connected' when 'DELETE' then 'crm_disconnected'
            when 'UPDATE' then case when new.token <> old.token then 'crm_token_renewed'
                when new.customers_due_at is distinct from old.customers_due_at then 'crm_customers_asked'
                else 'crm_changed' end
            end, one.workspace_id, one.workspace_id, jsonb_build_object('crm', one.crm));
    end if;
    return null;
end $$;
ALTER FUNCTION public.crm_noted() OWNER TO pp_auth;
CREATE FUNCTION public.crm_push(workspace uuid, run uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare chosen integer; began text;
begin
    update crm_runs r set state = case when r.state = 'stopped' and not r.pushes then 'looking' else 'pushing' end,
            pushes = r.pushes or r.state = 'looked', due_at = now(), tries = 0, problem = null, ended_at = null,
            created_by = app_user_id()
        where r.workspace_id = workspace and r.id = run and r.state in ('looked', 'stopped', 'done')
            and workspace in (select app_workspaces_as('member'))
        returning r.state into began;
    if not found then return false; end if;
    update crm_items i set state = 'waits', action = null, fields = '{}', why = null
        where i.workspace_id = workspace and i.run_id = run and i.state <> 'done';
    get diagnostics chosen = row_count;
    if began = 'pushing' then
        perform auth_note(app_user_id(), 'crm_pushed', workspace, run, jsonb_build_object('companies', chosen));
    end if;
    return true;
end $$;
ALTER FUNCTION public.crm_push(workspace uuid, run uuid) OWNER TO pp_auth;
CREATE FUNCTION public.crm_stop(workspace uuid, run uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update crm_runs r set state = 'stopped', due_at = null, ended_at = now(), problem = 'Somebody stopped it.'
        where r.workspace_id = workspace and r.id = run and r.state in ('looking', 'pushing')
            and workspace in (select app_workspaces_as('member'));
    return found;
end $$;
ALTER FUNCTION public.crm_stop(workspace uuid, run uuid) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_checked(workspace uuid, which text, why text, has text[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update crm_connections c set check_due_at = null, checked_at = now(), problem = why,
            properties = coalesce(has, c.properties)
        where c.workspace_id = workspace and c.crm = which
$$;
ALTER FUNCTION public.crm_work_checked(workspace uuid, which text, why text, has text[]) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_connection(hold_s integer) RETURNS TABLE(workspace_id uuid, crm text, token text, mapping jsonb, wants_customers boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one crm_connections;
begin
    select c.* into one from crm_connections c where least(c.check_due_at, c.customers_due_at) <= now()
        order by least(c.check_due_at, c.customers_due_at) limit 1 for update skip locked;
    if not found then return; end if;
    update crm_connections c set
            check_due_at = case when one.check_due_at <= now() then now() + make_interval(secs => hold_s) else c.check_due_at end,
            customers_due_at = case when one.check_due_at <= now() then c.customers_due_at
                else now() + make_interval(secs => hold_s) end
        where c.workspace_id = one.workspace_id and c.crm = one.crm;
    return query select one.workspace_id, one.crm, one.token, one.mapping, not coalesce(one.check_due_at <= now(), false);
end $$;
ALTER FUNCTION public.crm_work_connection(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_customers(workspace uuid, which text, why text, list uuid, called text, digest bytea, rows_of bytea, places jsonb, how_many integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare who uuid; earlier uuid;
begin
    perform pg_advisory_xact_lock(hashtextextended('crm customers ' || workspace || ' ' || which, 0));
    select c.customers_next into earlier from crm_connections c where c.workspace_id = workspace and c.crm = which;
    -- Held before the connection, as by who stores it.
    perform from lists s where s.workspace_id = workspace and s.id = earlier for no key update;
    update crm_connections c set customers_due_at = null, customers_problem = why,
            customers_at = case when why is null then now() else c.customers_at end,
            customers_count = case when why is null then how_many else c.customers_count end,
            customers_next = case when why is null and how_many > 0 then list else c.customers_next end
        where c.workspace_id = workspace and c.crm = which
        returning coalesce(c.customers_by, c.created_by) into who;
    if who is null or why is not null or how_many = 0 then return; end if;
    update lists s set removed_at = now() where s.workspace_id = workspace and s.id = earlier and s.state = 'storing';
    insert into lists (workspace_id, id, name, kind, state, reason, sha256, rows, created_by)
        values (workspace, list, called, 'customers', 'storing', called, digest, how_many, who);
    insert into list_files (workspace_id, list_id, data, columns) values (workspace, list, rows_of, places);
end $$;
ALTER FUNCTION public.crm_work_customers(workspace uuid, which text, why text, list uuid, called text, digest bytea, rows_of bytea, places jsonb, how_many integer) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_done(workspace uuid, run uuid, outcomes jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one crm_runs;
begin
    select r.* into one from crm_runs r where r.workspace_id = workspace and r.id = run;
    update crm_items i set state = o.state, action = o.action, fields = coalesce(o.fields, '{}'), why = o.why,
            their_id = coalesce(o.their_id, i.their_id), marks = coalesce(o.marks, '{}')
        from jsonb_to_recordset(outcomes) as o (company_id uuid, state text, action text, fields text[], why text, their_id text,
            marks text[])
        where i.workspace_id = workspace and i.run_id = run and i.company_id = o.company_id;
    update crm_runs r set tries = 0, problem = null where r.workspace_id = workspace and r.id = run;
    if not one.pushes then return; end if;
    insert into crm_states as s (workspace_id, crm, company_id, their_id, contact_id, sent, seen, marks, pushed_at, problem, failed_at)
        select workspace, one.crm, o.company_id, o.their_id, o.contact_id, coalesce(o.sent, '{}'), o.seen, coalesce(o.marks, '{}'),
            case when o.state = 'done' then now() end, case when o.state = 'failed' then o.why end,
            case when o.state = 'failed' then now() end
        from jsonb_to_recordset(outcomes) as o (company_id uuid, state text, why text, their_id text, contact_id text, sent jsonb,
            seen text, marks text[])
        where o.state in ('done', 'failed')
            and exists (select from companies c where c.workspace_id = workspace and c.id = o.company_id)
        on conflict (workspace_id, crm, company_id) do update set their_id = coalesce(excluded.their_id, s.their_id),
            contact_id = coalesce(excluded.contact_id, s.contact_id), sent = s.sent || excluded.sent,
            seen = coalesce(excluded.seen, s.seen), marks = excluded.marks,
            pushed_at = coalesce(excluded.pushed_at, s.pushed_at), problem = excluded.problem, failed_at = excluded.failed_at;
end $$;
ALTER FUNCTION public.crm_work_done(workspace uuid, run uuid, outcomes jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_due() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (select from crm_connections c where least(c.check_due_at, c.customers_due_at) <= now())
        or exists (select from crm_runs r where r.state in ('looking', 'pushing') and r.due_at <= now()
            and coalesce(r.held_until, '-infinity') < now())
$$;
ALTER FUNCTION public.crm_work_due() OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_facts(workspace uuid, run uuid, companies uuid[]) RETURNS TABLE(company_id uuid, is_simulated boolean, is_suppressed boolean, their_id text, contact_id text, sent jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select i.company_id, coalesce(o.simulated, false), exists (
            select from suppressed_companies m
            join suppressions s on s.workspace_id = m.workspace_id and s.value_hash = m.value_hash
            where m.workspace_id = i.workspace_id and m.company_id = i.company_id),
        s.their_id, s.contact_id, coalesce(s.sent, '{}')
    from crm_items i
    join crm_runs r on r.workspace_id = i.workspace_id and r.id = i.run_id
    left join crm_states s on s.workspace_id = i.workspace_id and s.crm = r.crm and s.company_id = i.company_id
    left join leads l on l.workspace_id = i.workspace_id and l.company_id = i.company_id and l.is_current
    left join campaigns o on o.workspace_id = l.workspace_id and o.id = l.campaign_id
    where i.workspace_id = workspace and i.run_id = run and i.company_id = any(companies)
$$;
ALTER FUNCTION public.crm_work_facts(workspace uuid, run uuid, companies uuid[]) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_gone(workspace uuid, run uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone integer;
begin
    update crm_items i set state = 'skipped', why = 'gone'
        where i.workspace_id = workspace and i.run_id = run and i.state = 'waits' and not exists (
            select from leads l where l.workspace_id = i.workspace_id and l.company_id = i.company_id and l.is_current);
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.crm_work_gone(workspace uuid, run uuid) OWNER TO pp_auth;
CREATE FUNCTION public.lead_mark(value text, reason text) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$
    select case when value is null and (reason like '%removed then.' or reason = 'It was erased on request.') then null
        else pg_catalog.hashtextextended(coalesce(value, ''), 0) end
$$;
CREATE FUNCTION public.crm_work_leads(workspace uuid, run uuid, most integer) RETURNS SETOF public.leads
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select l.* from crm_items i
    join leads l on l.workspace_id = i.workspace_id and l.company_id = i.company_id and l.is_current
    where i.workspace_id = workspace and i.run_id = run and i.state = 'waits'
    order by i.company_id limit most
$$;
ALTER FUNCTION public.crm_work_leads(workspace uuid, run uuid, most integer) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_listed(workspace uuid, hashes bytea[]) RETURNS SETOF bytea
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select s.value_hash from suppressions s where s.workspace_id = workspace and s.value_hash = any(hashes)
    union all
    select i.value_hash from installation_suppressions i where i.value_hash = any(hashes)
$$;
ALTER FUNCTION public.crm_work_listed(workspace uuid, hashes bytea[]) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_run(hold_s integer) RETURNS TABLE(workspace_id uuid, id uuid, crm text, is_push boolean, tries integer, token text, mapping jsonb, min_confidence integer, min_reach integer, with_contacts boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
#variable_conflict use_column
begin
    update crm_runs r set state = 'stopped', due_at = null, ended_at = now(),
            problem = 'Whoever began it may not take leads of this workspace any more.'
        where r.state in ('looking', 'pushing') and r.due_at <= now() and not exists (
            select from memberships m join users u on u.id = m.user_id where m.workspace_id = r.workspace_id
                and m.user_id = r.created_by and u.disabled_at is null and role_rank(m.role) >= role_rank('member'));
    return query
        update crm_runs r set due_at = now() + make_interval(secs => hold_s),
                held_until = now() + make_interval(secs => hold_s)
        from crm_connections c
        where c.workspace_id = r.workspace_id and c.crm = r.crm and (r.workspace_id, r.id) = (
            select n.workspace_id, n.id from crm_runs n
            where n.state in ('looking', 'pushing') and n.due_at <= now()
                and coalesce(n.held_until, '-infinity') < now()
            order by n.tries, n.due_at limit 1 for update skip locked)
        returning r.workspace_id, r.id, r.crm, r.state = 'pushing', r.tries, c.token, c.mapping, c.min_confidence,
            c.min_reach, c.with_contacts;
end $$;
ALTER FUNCTION public.crm_work_run(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_taken(workspace uuid, run uuid, companies uuid[], ids text[], by_marks text[]) RETURNS TABLE(company_id uuid, their_id text, marks text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select s.company_id, s.their_id, s.marks from crm_states s
    join crm_runs r on r.workspace_id = s.workspace_id and r.crm = s.crm
    where r.workspace_id = workspace and r.id = run and s.their_id is not null
        and (s.their_id = any(ids) or s.marks && by_marks) and s.company_id <> all(companies)
    union all
    select i.company_id, i.their_id, i.marks from crm_items i
    where i.workspace_id = workspace and i.run_id = run and i.state in ('planned', 'done')
        and (i.their_id = any(ids) or i.marks && by_marks) and i.company_id <> all(companies)
$$;
ALTER FUNCTION public.crm_work_taken(workspace uuid, run uuid, companies uuid[], ids text[], by_marks text[]) OWNER TO pp_auth;
CREATE FUNCTION public.crm_work_wait(workspace uuid, run uuid, why text, wait_s double precision) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update crm_runs r set held_until = null where r.workspace_id = workspace and r.id = run;
    if wait_s is not null then
        update crm_runs r set due_at = now() + make_interval(secs => wait_s), problem = why,
                tries = r.tries + case when why is null then 0 else 1 end
            where r.workspace_id = workspace and r.id = run and r.state in ('looking', 'pushing');
        return;
    end if;
    if why is not null then
        update crm_items i set state = 'failed', why = crm_work_wait.why
            where i.workspace_id = workspace and i.run_id = run and i.state = 'waits';
        insert into crm_states as s (workspace_id, crm, company_id, problem, failed_at)
            select i.workspace_id, r.crm, i.company_id, crm_work_wait.why, now() from crm_items i
            join crm_runs r on r.workspace_id = i.workspace_id and r.id = i.run_id
            where i.workspace_id = workspace and i.run_id = run and i.state = 'failed' and r.state = 'pushing'
            on conflict (workspace_id, crm, company_id) do update set problem = excluded.problem, failed_at = excluded.failed_at;
    end if;
    update crm_runs r set due_at = null, ended_at = now(), problem = crm_work_wait.why,
            state = case when why is not null then 'stopped' when r.state = 'pushing' then 'done' else 'looked' end
        where r.workspace_id = workspace and r.id = run and r.state in ('looking', 'pushing');
end $$;
ALTER FUNCTION public.crm_work_wait(workspace uuid, run uuid, why text, wait_s double precision) OWNER TO pp_auth;
CREATE FUNCTION public.customers_carry() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    new.is_customer := new.is_current and coalesce((select c.is_customer from companies c
        where c.workspace_id = new.workspace_id and c.id = new.company_id), false);
    return new;
end $$;
ALTER FUNCTION public.customers_carry() OWNER TO pp_auth;
CREATE FUNCTION public.customers_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform customers_count(t.workspace_id, array_agg(distinct t.company_id)) from touched t group by t.workspace_id;
    return null;
end $$;
ALTER FUNCTION public.customers_change() OWNER TO pp_auth;
CREATE FUNCTION public.customers_count(workspace uuid, chosen uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform from companies c where c.workspace_id = workspace and c.id = any(chosen) order by c.id for no key update;
    update companies c set is_customer = f.now from (
        select o.id, exists (select from list_members m
            join lists s on s.workspace_id = m.workspace_id and s.id = m.list_id and s.removed_at is null
            where m.workspace_id = o.workspace_id and m.company_id = o.id) as now
        from companies o where o.workspace_id = workspace and o.id = any(chosen)) f
    where c.workspace_id = workspace and c.id = f.id and c.is_customer <> f.now;
end $$;
ALTER FUNCTION public.customers_count(workspace uuid, chosen uuid[]) OWNER TO pp_auth;
CREATE FUNCTION public.customers_show() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update leads set is_customer = new.is_customer
        where workspace_id = new.workspace_id and company_id = new.id and is_current;
    return null;
end $$;
ALTER FUNCTION public.customers_show() OWNER TO pp_auth;
CREATE FUNCTION public.duty_ask(wanted text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators ask for duties';
    end if;
    insert into duties (name, asked_at) values (wanted, now())
        on conflict (name) do update set due_at = now(), asked_at = now();
    perform auth_note(app_user_id(), 'duty_asked', null, null, jsonb_build_object('duty', wanted));
end $$;
ALTER FUNCTION public.duty_ask(wanted text) OWNER TO pp_auth;
CREATE FUNCTION public.export_fail(why text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update export_files f set state = 'failed', said = why, lease_hash = null, lease_until = null
        from app_export() h where f.workspace_id = h.workspace_id and f.id = h.id;
    return found;
end $$;
ALTER FUNCTION public.export_fail(why text) OWNER TO pp_auth;
CREATE FUNCTION public.export_finish(file_name text, leads integer, missing integer, size bigint, sum bytea, hours integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare done export_files%rowtype;
begin
    update export_files f set state = 'ready', name = file_name, row_count = leads, left_out = missing, bytes = size,
            sha256 = sum, ends_at = now() + make_interval(hours => hours), lease_hash = null, lease_until = null
        from app_export() h where f.workspace_id = h.workspace_id and f.id = h.id returning f.* into done;
    if not found then return false; end if;
    insert into exports (workspace_id, id, user_id, format, filter, row_count, sha256)
        values (done.workspace_id, done.id, done.user_id, done.format, done.asked -> 'filter', leads, sum);
    return true;
end $$;
ALTER FUNCTION public.export_finish(file_name text, leads integer, missing integer, size bigint, sum bytea, hours integer) OWNER TO pp_auth;
CREATE FUNCTION public.export_go_on(through integer, of_all integer, seconds integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update export_files f set passed = through, expected = coalesce(of_all, f.expected),
            lease_until = now() + make_interval(secs => seconds)
        from app_export() h where f.workspace_id = h.workspace_id and f.id = h.id;
    return found;
end $$;
ALTER FUNCTION public.export_go_on(through integer, of_all integer, seconds integer) OWNER TO pp_auth;
CREATE FUNCTION public.export_is_due() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (select from export_files where state = 'waiting' or (state = 'making' and lease_until < now()))
$$;
ALTER FUNCTION public.export_is_due() OWNER TO pp_auth;
CREATE FUNCTION public.export_mark(home uuid, file uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select md5(row(f.state, f.passed, f.expected)::text) from export_files f where f.workspace_id = home and f.id = file
$$;
CREATE FUNCTION public.export_marks(taken uuid[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid := app_export_workspace();
begin
    with locked as (
        select c.id from companies c where c.workspace_id = home
            and c.id in (select l.company_id from leads l where l.workspace_id = home and l.id = any(taken))
        order by c.id for no key update)
    update companies c set exported_at = now() from locked k where c.workspace_id = home and c.id = k.id;
    return home is not null;
end $$;
ALTER FUNCTION public.export_marks(taken uuid[]) OWNER TO pp_auth;
CREATE FUNCTION public.export_part(place integer, piece bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    insert into export_parts (workspace_id, file_id, number, data)
        select h.workspace_id, h.id, place, piece from app_export() h;
    return found;
end $$;
ALTER FUNCTION public.export_part(place integer, piece bytea) OWNER TO pp_auth;
CREATE FUNCTION public.export_take(seconds integer) RETURNS TABLE(workspace_id uuid, job_id uuid, secret text, format text, asked jsonb, workspace text, exported_by text, legal_basis text, simulated uuid[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare given_file export_files%rowtype;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('exports', 0));
    update export_files f set state = 'failed', lease_hash = null, lease_until = null,
            said = 'It was begun three times and never finished.'
        where f.state = 'making' and f.lease_until < now() and f.attempts >= 3;
    update export_files f set state = 'failed', said = 'You may not download leads of this workspace any more.'
        where f.state in ('waiting', 'making') and coalesce(f.lease_until, '-infinity') < now() and not exists (
            select from memberships m join users u on u.id = m.user_id where m.workspace_id = f.workspace_id
                and m.user_id = f.user_id and u.disabled_at is null and role_rank(m.role) >= role_rank('member'));
    select * into given_file from export_files f
        where f.state = 'waiting' or (f.state = 'making' and f.lease_until < now())
        order by f.created_at limit 1 for update skip locked;
    if not found then return; end if;
    secret := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
    update export_files f set state = 'making', passed = 0, attempts = f.attempts + 1,
            lease_hash = sha256(convert_to(secret, 'UTF8')), lease_until = now() + make_interval(secs => seconds)
        where f.workspace_id = given_file.workspace_id and f.id = given_file.id;
    delete from export_parts p where p.workspace_id = given_file.workspace_id and p.file_id = given_file.id;
    return query
        select given_file.workspace_id, given_file.id, secret, given_file.format, given_file.asked, w.name, u.email,
            coalesce((select n.legal_basis from privacy_notes n where n.workspace_id = w.id), ''),
            array(select c.id from campaigns c where c.workspace_id = w.id and c.simulated)
        from workspaces w, users u where w.id = given_file.workspace_id and u.id = given_file.user_id;
end $$;
ALTER FUNCTION public.export_take(seconds integer) OWNER TO pp_auth;
CREATE FUNCTION public.fine_cell(lat double precision, lon double precision) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        select least(floor((lat + 90) / 0.005), 35999)::bigint * 72000
            + mod(floor((lon + 180) / 0.005)::bigint, 72000)
    $$;
CREATE FUNCTION public.flight_claim(question_provider text, question_operation text, question_hash bytea, asker uuid, seconds integer) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    begin
        insert into provider_flights as f (provider, operation, argument_hash, holder, until)
        values (question_provider, question_operation, question_hash, asker, now() + make_interval(secs => seconds))
        on conflict (provider, operation, argument_hash) do update set holder = excluded.holder, until = excluded.until
        where f.holder = excluded.holder or f.until < now();
        return found;
    end $$;
CREATE FUNCTION public.forget_api_rows() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare part bigint; gone bigint;
begin
    delete from api_replies where begun_at < now() - interval '24 hours';
    get diagnostics gone = row_count;
    delete from quotes where expires_at < now() - interval '24 hours';
    get diagnostics part = row_count;
    return gone + part;
end $$;
ALTER FUNCTION public.forget_api_rows() OWNER TO pp_auth;
CREATE FUNCTION public.forget_audit(days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    delete from audit_log where at < now() - make_interval(days => days);
    get diagnostics gone = row_count;
    delete from invitations where expires_at < now() - make_interval(days => days);
    return gone;
end $$;
ALTER FUNCTION public.forget_audit(days integer) OWNER TO pp_auth;
CREATE FUNCTION public.forget_book_filters(days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    update exports set filter = '{}' where campaign_id is null and filter <> '{}'
        and created_at < now() - make_interval(days => days);
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.forget_book_filters(days integer) OWNER TO pp_auth;
CREATE FUNCTION public.forget_crm_runs(days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    delete from crm_runs where created_at < now() - make_interval(days => days) and state not in ('looking', 'pushing');
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.forget_crm_runs(days integer) OWNER TO pp_auth;
CREATE FUNCTION public.forget_exports() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    delete from export_files where ends_at < now() or (state = 'failed' and created_at < now() - interval '2 days');
    get diagnostics gone = row_count;
    update export_files set state = 'failed', said = 'No worker took it up within a day.'
        where state = 'waiting' and created_at < now() - interval '1 day';
    return gone;
end $$;
ALTER FUNCTION public.forget_exports() OWNER TO pp_auth;
CREATE FUNCTION public.forget_faults(days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    update job_attempts set fault = null
        where fault is not null and began_at < now() - make_interval(days => days);
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.forget_faults(days integer) OWNER TO pp_auth;
CREATE FUNCTION public.forget_found(limits jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update leads l set found = (
            select jsonb_object_agg(f.key, case when limits ? (f.value -> 'origin' ->> 'source') then jsonb_build_object(
                'value', case f.key when 'name' then 'Name removed' end,
                'reason', limits -> (f.value -> 'origin' ->> 'source') -> 'said') else f.value end)
            from jsonb_each(l.found) as f)
        where l.retain_until <= current_date and l.found <> '{}'
$$;
ALTER FUNCTION public.forget_found(limits jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.forget_google_answers() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare changed bigint;
    begin
        update provider_calls c set response = case c.provider when 'google_places' then jsonb_build_object('place_ids',
                (select coalesce(jsonb_agg(p ->> 'id'), '[]')
                from jsonb_array_elements(coalesce(c.response -> 'body' -> 'places', c.response -> 'places')) p)) end
            where ctid = any(array(
                -- As the index says it. Coordinates may be kept for as long.
                select ctid from provider_calls
                where (provider = 'google_places' and (response ? 'places' or response -> 'body' ? 'places')
                    or provider = 'google_geocoding' and response is not null) and done_at < now() - interval '30 days'
                order by done_at limit 10000));
        get diagnostics changed = row_count;
        return changed;
    end $$;
ALTER FUNCTION public.forget_google_answers() OWNER TO pp_auth;
CREATE FUNCTION public.forget_google_values() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    declare
        said constant text := 'Google allows keeping this for 30 days only; it was removed then.';
        item text; changed bigint;
    begin
        create temporary table if not exists due (workspace_id uuid, id uuid, business_id uuid) on commit drop;
        truncate due;
        insert into due select l.workspace_id, l.id, l.business_id from leads l
            where l.retain_until <= current_date limit 1000;
        foreach item in array array['address', 'city', 'postcode', 'country', 'phone', 'website', 'domain', 'email'] loop
            execute format(
                'update leads l set %1$I = null, empty_reasons = empty_reasons || jsonb_build_object(%1$L, %2$L::text),'
                ' provenance = provenance - %1$L from due'
                ' where l.workspace_id = due.workspace_id and l.id = due.id'
                ' and provenance -> %1$L ->> ''source'' = ''google_places''', item, said);
        end loop;
        update leads l set name = 'Name removed', provenance = provenance - 'name' from due
            where l.workspace_id = due.workspace_id and l.id = due.id
            and provenance -> 'name' ->> 'source' = 'google_places';
        update leads l set lat = null, lon = null from due
            where l.workspace_id = due.workspace_id and l.id = due.id and origins -> 0 ->> 'source' = 'google_places';
        update leads l set retain_until = null from due where l.workspace_id = due.workspace_id and l.id = due.id;
        get diagnostics changed = row_count;
        delete from businesses b where not exists (
                select from leads l where l.workspace_id = b.workspace_id and l.business_id = b.id)
            and b.created_at < now() - interval '30 days' and b.origins @> '[{"source": "google_places"}]';
        update businesses b set name = 'Name removed', address = null, city = null, postcode = null, phone = null,
                website = null, domain = null, email = null, lat = null, lon = null
            from due where b.workspace_id = due.workspace_id and b.id = due.business_id
            and b.origins -> 0 ->> 'source' = 'google_places';
        update provider_calls c set response = jsonb_build_object('place_ids',
                (select coalesce(jsonb_agg(p ->> 'id'), '[]') from jsonb_array_elements(c.response -> 'places') p))
            where c.provider = 'google_places' and c.response ? 'places' and c.done_at < now() - interval '30 days';
        return changed;
    end $_$;
ALTER FUNCTION public.forget_google_values() OWNER TO pp_auth;
CREATE FUNCTION public.forget_guests() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare account uuid; gone bigint := 0;
begin
    for account in select u.id from users u where u.guest_until < now()
        and not exists (select from guest_orders(u.id) o where o.ended_at is null)
        order by u.guest_until limit 100
    loop
        perform guest_forget(account);
        gone := gone + 1;
    end loop;
    return gone;
end $$;
ALTER FUNCTION public.forget_guests() OWNER TO pp_auth;
CREATE FUNCTION public.forget_leads(days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare item record; part bigint; gone bigint := 0;
begin
    for item in select c.workspace_id, c.id from campaigns c
        where c.ended_at < now() - make_interval(days => days) and c.deleted_at is null
            and (c.forgotten_at is null or c.forgotten_at < c.ended_at)
        order by c.ended_at limit 50 for no key update skip locked
    loop
        delete from leads where workspace_id = item.workspace_id and campaign_id = item.id;
        get diagnostics part = row_count; gone := gone + part;
        delete from businesses where workspace_id = item.workspace_id and campaign_id = item.id;
        perform calls_forget(item.workspace_id, array(select key from provider_calls
            where workspace_id = item.workspace_id and campaign_id = item.id));
        update exports set filter = '{}' where workspace_id = item.workspace_id and campaign_id = item.id;
        update campaigns set lead_count = 0, forgotten_at = now(), notice = case when part > 0
                then format('Its leads were removed: this installation keeps leads for %s days.', days) else notice end
            where workspace_id = item.workspace_id and id = item.id;
    end loop;
    return gone;
end $$;
ALTER FUNCTION public.forget_leads(days integer) OWNER TO pp_auth;
CREATE FUNCTION public.forget_lists() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    delete from lists l where (l.state in ('checking', 'checked', 'refused') and l.created_at < now() - interval '1 day')
        or l.removed_at < now() - interval '1 day'
        or (l.state = 'ordered' and not exists (select from campaigns c
            where c.workspace_id = l.workspace_id and c.spec ->> 'own_list' = l.id::text and c.deleted_at is null
                and (c.ended_at is null or c.ended_at > now() - interval '1 day')));
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.forget_lists() OWNER TO pp_auth;
CREATE FUNCTION public.forget_old(days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare before timestamptz := now() - make_interval(days => days); part bigint; gone bigint := 0;
    begin
        delete from job_events where ctid = any(array(
            select e.ctid from job_events e
            join discovery_jobs j on j.workspace_id = e.workspace_id and j.id = e.job_id
            where j.ended_at < before and e.at < before order by e.at limit 10000));
        get diagnostics part = row_count; gone := gone + part;
        delete from outbox where ctid = any(array(
            select ctid from outbox
            where created_at < before and (sent_at is not null or kind = 'campaign_ended')
            order by created_at limit 10000));
        get diagnostics part = row_count; gone := gone + part;
        delete from provider_cache where ctid = any(array(
            select ctid from provider_cache where expires_at < now() order by expires_at limit 10000));
        get diagnostics part = row_count; gone := gone + part;
        update provider_calls set response = null where ctid = any(array(
            select p.ctid from provider_calls p
            join campaigns c on c.workspace_id = p.workspace_id and c.id = p.campaign_id
            where c.ended_at < before and p.done_at < before and p.response is not null
            order by p.done_at limit 10000));
        get diagnostics part = row_count; gone := gone + part;
        return gone;
    end $$;
ALTER FUNCTION public.forget_old(days integer) OWNER TO pp_auth;
CREATE FUNCTION public.forget_values(limits jsonb, fields text[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
declare whose uuid[]; due uuid[]; emptied text;
begin
    select array_agg(d.workspace_id), array_agg(d.id) into whose, due from (
        select l.workspace_id, l.id from leads l where l.retain_until <= current_date order by l.retain_until, l.id limit 1000
    ) d;
    if due is not null then
        select string_agg(format('%1$I = case when %1$L = any(g.names) then null else l.%1$I end', name), ', ')
            into emptied from unnest(fields) as name;
        execute format('update leads l set %s,'
            ' name = case when ''name'' = any(g.names) then ''Name removed'' else l.name end,'
            ' lat = case when $1 ? (l.origins -> 0 ->> ''source'') then null else l.lat end,'
            ' lon = case when $1 ? (l.origins -> 0 ->> ''source'') then null else l.lon end,'
            ' details = l.details - g.names, provenance = l.provenance - g.names,'
            ' empty_reasons = l.empty_reasons || g.reasons, retain_until = null'
            ' from (select o.workspace_id, o.id, coalesce(array_agg(p.key) filter (where p.key is not null), ''{}'') as names,'
            '     coalesce(jsonb_object_agg(p.key, $1 -> (p.value ->> ''source'') -> ''said'')'
            '         filter (where p.key <> ''name''), ''{}'') as reasons'
            '     from unnest($2, $3) as d (workspace_id, id)'
            '     join leads o on o.workspace_id = d.workspace_id and o.id = d.id'
            '     left join lateral jsonb_each(o.provenance) as p on $1 ? (p.value ->> ''source'')'
            '         and (p.key = ''name'' or p.key = any($4) or o.details ? p.key)'
            '     group by o.workspace_id, o.id) as g'
            ' where l.workspace_id = g.workspace_id and l.id = g.id', emptied) using limits, whose, due, fields;
        select string_agg(format('%1$I = case when g.is_whole or %1$L = any(g.names) then null else b.%1$I end', name), ', ')
            into emptied from unnest(fields) as name;
        execute format('update businesses b set %s, retain_until = null,'
            ' name = case when g.is_whole or ''name'' = any(g.names) then ''Name removed'' else b.name end,'
            ' lat = case when g.is_whole then null else b.lat end,'
            ' lon = case when g.is_whole then null else b.lon end,'
            ' details = case when g.is_whole then ''{}'' else b.details - g.names end'
            ' from (select o.workspace_id, o.id, $1 ? (o.origins -> 0 ->> ''source'') as is_whole,'
            '     array(select p.key from jsonb_each(o.provenance) as p where $1 ? (p.value ->> ''source'')) as names'
            '     from unnest($2, $3) as d (workspace_id, id)'
            '     join leads l on l.workspace_id = d.workspace_id and l.id = d.id'
            '     join businesses o on o.workspace_id = l.workspace_id and o.id = l.business_id) as g'
            ' where b.workspace_id = g.workspace_id and b.id = g.id', emptied) using limits, whose, due;
    end if;
    delete from businesses b where b.retain_until <= current_date
        and not exists (select from leads l where l.workspace_id = b.workspace_id and l.campaign_id = b.campaign_id
            and l.business_id = b.id);
    -- Nothing more is due of those whose leads keep nothing for some days only.
    update businesses b set retain_until = null where b.retain_until <= current_date
        and not exists (select from leads l where l.workspace_id = b.workspace_id and l.campaign_id = b.campaign_id
            and l.business_id = b.id and l.retain_until is not null);
    return coalesce(cardinality(due), 0);
end $_$;
ALTER FUNCTION public.forget_values(limits jsonb, fields text[]) OWNER TO pp_auth;
CREATE FUNCTION public.forget_webhook_deliveries(days integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    delete from webhook_deliveries where created_at < now() - make_interval(days => days) and due_at is null;
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.forget_webhook_deliveries(days integer) OWNER TO pp_auth;
CREATE FUNCTION public.guest_admits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare who users%rowtype; terms record; why text;
begin
    perform spend_sees_all();
    select u.* into who from app_asker() a join users u on u.id = a.user_id;
    if not coalesce(who.is_free, false) then return new; end if;
    if new.budget_micros > 0 then
        why := 'costs';
    elsif tg_op = 'INSERT' and who.guest_until is not null then
        -- Orders sent at the same time see one another.
        perform from users where id = who.id for no key update;
        select * into terms from auth_guest_terms();
        if (new.spec ->> 'max_results')::integer > coalesce(terms.leads, 0) then why := 'large';
        elsif (select count(*) >= coalesce(terms.campaigns, 0) from guest_orders(who.id)) then
            why := 'used_up';
        elsif exists (select from guest_orders(who.id) o where o.ended_at is null) then
            why := 'busy';
        end if;
    end if;
    if why is not null then
        raise exception using errcode = 'PPGST', message = 'more than they may order', detail = why;
    end if;
    return new;
end $$;
ALTER FUNCTION public.guest_admits() OWNER TO pp_auth;
CREATE FUNCTION public.guest_forget(account uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from workspaces where id in (
        select m.workspace_id from memberships m where m.user_id = account and m.role = 'owner');
    delete from users where id = account;
end $$;
ALTER FUNCTION public.guest_forget(account uuid) OWNER TO pp_auth;
CREATE FUNCTION public.guest_orders(account uuid) RETURNS SETOF public.campaigns
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select c.* from memberships m join campaigns c on c.workspace_id = m.workspace_id
    where m.user_id = account and m.role = 'owner'
$$;
ALTER FUNCTION public.guest_orders(account uuid) OWNER TO pp_auth;
CREATE FUNCTION public.held_answers(wanted_provider text, wanted_operation text, hashes bytea[]) RETURNS TABLE(argument_hash bytea, response jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
        select c.argument_hash, c.response from provider_cache c
        where c.provider = wanted_provider and c.operation = wanted_operation
            and c.argument_hash = any(hashes) and c.expires_at > now()
    $$;
ALTER FUNCTION public.held_answers(wanted_provider text, wanted_operation text, hashes bytea[]) OWNER TO pp_auth;
CREATE FUNCTION public.invitation_accept(proof bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare me uuid; came_to text;
begin
    select a.user_id into me from app_asker() a where a.only_workspace is null;
    if me is null then return 'refused'; end if;
    came_to := invitation_take(proof, me);
    if came_to in ('done', 'member') then
        update sessions set workspace_id = (select i.workspace_id from invitations i where i.token_hash = sha256(proof))
            where token_hash = app_proof();
    end if;
    return came_to;
end $$;
ALTER FUNCTION public.invitation_accept(proof bytea) OWNER TO pp_auth;
CREATE FUNCTION public.invitation_accept_new(proof bytea, new_id uuid, new_workspace uuid, new_email text, new_hash text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not exists (select from invitations i where i.token_hash = sha256(proof) and lower(i.email) = lower(new_email)
        and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()) then return 'another'; end if;
    if not auth_make_user(new_id, new_workspace, new_email, new_hash, false) then return 'known'; end if;
    perform auth_note(new_id, 'account_created', new_workspace, new_id, '{"administrator": false, "by_invitation": true}');
    return invitation_take(proof, new_id);
end $$;
ALTER FUNCTION public.invitation_accept_new(proof bytea, new_id uuid, new_workspace uuid, new_email text, new_hash text) OWNER TO pp_auth;
CREATE FUNCTION public.invitation_claim_mail(hold_s integer) RETURNS TABLE(id uuid, recipient text, workspace_name text, role text, inviter text, claimed_at timestamp with time zone, expires_at timestamp with time zone)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with taken as (
        update invitations i set mail_tries = i.mail_tries + 1, mail_due_at = now() + make_interval(secs => hold_s)
        where (i.workspace_id, i.id) = (
            select d.workspace_id, d.id from invitations d where d.mail_due_at <= now()
            order by d.mail_due_at limit 1 for update skip locked)
        returning i.*)
    select t.id, t.email, w.name, t.role, u.email, now(), t.expires_at
    from taken t join workspaces w on w.id = t.workspace_id join users u on u.id = t.invited_by
$$;
ALTER FUNCTION public.invitation_claim_mail(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.invitation_mail_done(invitation uuid, problem text, again boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update invitations set mail_error = problem, mailed_at = case when problem is null then now() end,
        mail_due_at = case when again and created_at > now() - interval '1 day'
            then now() + make_interval(secs => least(30 * 2 ^ least(mail_tries - 1, 20), 3600)) end
    where id = invitation and mailed_at is null
$$;
ALTER FUNCTION public.invitation_mail_done(invitation uuid, problem text, again boolean) OWNER TO pp_auth;
CREATE FUNCTION public.invitation_of(proof bytea) RETURNS TABLE(workspace_name text, role text, hint text, expires_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
    select w.name, i.role, left(i.email, 1) || '…@' || substring(i.email from '[^@]*$'), i.expires_at
    from invitations i join workspaces w on w.id = i.workspace_id
    where i.token_hash = sha256(proof) and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
$_$;
ALTER FUNCTION public.invitation_of(proof bytea) OWNER TO pp_auth;
CREATE FUNCTION public.invitation_take(proof bytea, account uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare i invitations%rowtype;
begin
    select * into i from invitations where token_hash = sha256(proof) and accepted_at is null and revoked_at is null
        and expires_at > now() for update;
    if not found then return 'closed'; end if;
    if not exists (select from users where id = account and lower(email) = lower(i.email)) then return 'another'; end if;
    insert into memberships (workspace_id, user_id, role) values (i.workspace_id, account, i.role) on conflict do nothing;
    if not found then return 'member'; end if;
    update invitations set accepted_at = now(), mail_due_at = null where workspace_id = i.workspace_id and id = i.id;
    perform auth_note(account, 'invitation_accepted', i.workspace_id, i.id,
        jsonb_build_object('email', i.email, 'role', i.role));
    return 'done';
end $$;
ALTER FUNCTION public.invitation_take(proof bytea, account uuid) OWNER TO pp_auth;
CREATE FUNCTION public.invitations_close() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if tg_op = 'DELETE' or role_rank(new.role) < role_rank('admin') then
        update invitations set revoked_at = now(), mail_due_at = null
        where workspace_id = old.workspace_id and invited_by = old.user_id and accepted_at is null and revoked_at is null;
    end if;
    return null;
end $$;
ALTER FUNCTION public.invitations_close() OWNER TO pp_auth;
CREATE FUNCTION public.job_delete(job uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid; campaign uuid; began timestamptz;
begin
    if not app_is_admin() then return false; end if;
    select c.workspace_id, c.id, c.created_at into home, campaign, began
        from discovery_jobs j join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
        where j.id = job and c.deleted_at is null and c.ended_at is not null for no key update of c;
    if home is null then return false; end if;
    perform campaign_remove(home, campaign, began, '[]');
    return true;
end $$;
ALTER FUNCTION public.job_delete(job uuid) OWNER TO pp_auth;
CREATE FUNCTION public.key_admits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare asking api_keys; room bigint;
begin
    if tg_op = 'INSERT' and new.bulk_id is not null then return null; end if;
    select k.* into asking from api_keys k where k.key_hash = app_proof();
    if asking.limit_micros is null then return null; end if;
    perform spend_sees_all();
    perform from api_keys k where k.workspace_id = asking.workspace_id and k.id = asking.id for no key update;
    room := asking.limit_micros - key_ordered(asking.workspace_id, asking.id);
    if room < 0 or new.key_id is distinct from asking.id then
        raise exception using errcode = 'PPKEY', message = 'the money limit of a key is reached',
            detail = jsonb_build_object('left', greatest(0, room + new.budget_micros - new.spent_micros),
                'is_own', new.key_id is not distinct from asking.id);
    end if;
    return null;
end $$;
ALTER FUNCTION public.key_admits() OWNER TO pp_auth;
CREATE FUNCTION public.key_ordered(of_workspace uuid, of_key uuid) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with each as (
        select c.bulk_id, case when c.ended_at is null then c.budget_micros else c.spent_micros end as micros
        from campaigns c where c.workspace_id = of_workspace and c.key_id = of_key
    ), ordered as (
        select e.micros from each e where e.bulk_id is null
        union all
        select least(sum(e.micros), min(b.cap_micros)) from each e
        join bulk_caps b on b.workspace_id = of_workspace and b.bulk_id = e.bulk_id
        group by e.bulk_id
    )
    select coalesce(sum(micros), 0)::bigint from ordered
$$;
ALTER FUNCTION public.key_ordered(of_workspace uuid, of_key uuid) OWNER TO pp_auth;
CREATE FUNCTION public.key_orders() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    new.key_id := (select k.id from api_keys k where k.key_hash = app_proof());
    return new;
end $$;
ALTER FUNCTION public.key_orders() OWNER TO pp_auth;
CREATE FUNCTION public.lead_typed(one public.leads) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare
    follows constant text[] := array['is_role_address', 'phone_is_mobile', 'open_week', 'time_zone'];
    typed jsonb; address text;
begin
    select jsonb_object_agg(t.key, jsonb_build_object('value', t.value,
            'origin', case when t.key <> all(follows) and t.value <> 'null' then jsonb_build_object(
                'source', 'person', 'ref', '', 'observed_on', to_char(e.at at time zone 'utc', 'YYYY-MM-DD'), 'url', null) end,
            'reason', case when t.key <> all(follows || text 'street') and t.value = 'null'
                then 'A person says that there is none.' end))
        into typed from company_edits e, jsonb_each(e.typed) as t
        where e.workspace_id = one.workspace_id and e.company_id = one.company_id;
    if typed ? 'email' then
        address := lower(typed -> 'email' ->> 'value');
        typed := typed || jsonb_build_object('email_status', jsonb_build_object('value', case
            when address is null then 'none'
            when address = lower(one.email) then one.email_status
            else coalesce((select c ->> 'status' from jsonb_array_elements(one.contacts) as c
                where lower(c ->> 'email') = address limit 1), 'typed') end));
    end if;
    return coalesce(typed, '{}');
end $$;
ALTER FUNCTION public.lead_typed(one public.leads) OWNER TO pp_auth;
CREATE FUNCTION public.lead_week(one public.leads) RETURNS public.leads
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if one.opening_hours is null or one.lat is null or one.lon is null or one.time_zone is null then
        one.open_week := null;
    else
        begin
            perform minute_of_week(now(), one.time_zone);
        exception when invalid_parameter_value then
            one.open_week := null;
        end;
    end if;
    if one.open_week is null then
        one.time_zone := null;
    end if;
    return one;
end $$;
ALTER FUNCTION public.lead_week(one public.leads) OWNER TO pp_auth;
CREATE FUNCTION public.lead_with(one public.leads, given jsonb) RETURNS public.leads
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare names text[] := array(select jsonb_object_keys(given));
begin
    one := jsonb_populate_record(one, (select coalesce(jsonb_object_agg(key, value -> 'value'), '{}')
        from jsonb_each(given) where key <> 'street'));
    if given ? 'street' then
        one.details := one.details - 'street' || jsonb_strip_nulls(jsonb_build_object('street', given -> 'street' -> 'value'));
    end if;
    one.provenance := one.provenance - names || (select coalesce(jsonb_object_agg(key, value -> 'origin'), '{}')
        from jsonb_each(given) where jsonb_typeof(value -> 'origin') = 'object');
    one.empty_reasons := one.empty_reasons - names || (select coalesce(jsonb_object_agg(key, value -> 'reason'), '{}')
        from jsonb_each(given) where jsonb_typeof(value -> 'reason') = 'string');
    return one;
end $$;
ALTER FUNCTION public.lead_with(one public.leads, given jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.lease_claim(job uuid, wanted_attempt integer, owner text, seconds integer) RETURNS TABLE(workspace_id uuid, job_id uuid, campaign_id uuid, attempt integer, token bigint, secret text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    secret := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
    return query
        update discovery_jobs j
        set status = 'processing', lease_token = j.lease_token + 1, lease_owner = owner,
            lease_hash = sha256(convert_to(secret, 'UTF8')), lease_until = now() + make_interval(secs => seconds),
            started_at = coalesce(j.started_at, now()), updated_at = now()
        where j.id = job and j.attempt = wanted_attempt and j.status in ('pending', 'processing')
            and (j.lease_until is null or j.lease_until < now())
        returning j.workspace_id, j.id, j.campaign_id, j.attempt, j.lease_token, secret;
end $$;
ALTER FUNCTION public.lease_claim(job uuid, wanted_attempt integer, owner text, seconds integer) OWNER TO pp_auth;
CREATE FUNCTION public.lease_state(job uuid, token bigint, minutes integer) RETURNS text
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
        select coalesce((
            select case when cancel_requested_at is not null then 'cancelled'
                when started_at < now() - make_interval(mins => minutes) then 'out_of_time' else 'held' end
            from discovery_jobs where id = job and lease_token = token and lease_until > now()
            for no key update), 'lost')
    $$;
CREATE FUNCTION public.ledger_begin(job uuid, token bigint, minutes integer, workspace uuid, campaign uuid, call_key bytea, call_id uuid, call_provider text, call_operation text, call_arguments jsonb, price bigint, call_attempt integer, call_subject text, question_hash bytea, asker uuid, seconds integer) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare came_to text;
    begin
        perform worker_asks(job, token);
        came_to := lease_state(job, token, minutes);
        if came_to <> 'held' then return came_to; end if;
        update campaigns set reserved_micros = reserved_micros + price
            where workspace_id = workspace and id = campaign and spent_micros + reserved_micros + price <= budget_micros;
        if not found then return 'out_of_budget'; end if;
        came_to := 'begun';
        if question_hash is not null
            and not flight_claim(call_provider, call_operation, question_hash, asker, seconds) then
            came_to := 'elsewhere';
        else
            insert into provider_calls (workspace_id, key, id, campaign_id, provider, operation, arguments, state,
                price_micros, lease_token, attempt, subject)
            values (workspace, call_key, call_id, campaign, call_provider, call_operation, call_arguments, 'intent', price,
                token, call_attempt, call_subject)
            on conflict (workspace_id, key) do update set state = 'intent', sent_at = now(), done_at = null,
                lease_token = excluded.lease_token, price_micros = excluded.price_micros, cost_micros = 0, error = null,
                holder = excluded.holder
            where provider_calls.state = 'failed_free';
            if not found then came_to := 'known'; end if;
        end if;
        if came_to <> 'begun' then
            update campaigns set reserved_micros = reserved_micros - price where workspace_id = workspace and id = campaign;
        end if;
        return came_to;
    end $$;
CREATE FUNCTION public.ledger_close(workspace uuid, campaign uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare item bytea; closed bigint := 0;
    begin
        if not ledger_is_open(workspace) then
            raise insufficient_privilege using message = 'the ledger is that of another workspace';
        end if;
        for item in select key from provider_calls
            where workspace_id = workspace and campaign_id = campaign and state = 'intent'
        loop
            perform ledger_settle(workspace, item, 'unknown', 0, null, null, null, false, 'The campaign ended first.');
            closed := closed + 1;
        end loop;
        -- A lead may have been stored after its late answer.
        perform ledger_correct_leads(workspace, campaign);
        return closed;
    end $$;
ALTER FUNCTION public.ledger_close(workspace uuid, campaign uuid) OWNER TO pp_auth;
CREATE FUNCTION public.ledger_correct_leads(workspace uuid, campaign uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
        with paid as (
            select subject, provider, sum(cost_micros)::bigint as cost_micros
            from provider_calls
            where workspace_id = workspace and campaign_id = campaign and subject is not null
            group by subject, provider
            having bool_and(state <> 'intent')
        ),
        results as (
            select l.id, b.match_key, s.step, s.place,
                row_number() over (partition by l.id, s.step ->> 'step' order by s.place desc) = 1 as is_last,
                sum((s.step ->> 'cost_micros')::bigint) over each as noted_micros,
                sum(coalesce((s.step ->> 'shared_micros')::bigint, 0)) over each as shared_micros
            from leads l
            join businesses b on b.workspace_id = l.workspace_id and b.id = l.business_id
            cross join lateral jsonb_array_elements(l.steps) with ordinality as s(step, place)
            where l.workspace_id = workspace and l.campaign_id = campaign
            window each as (partition by l.id, s.step ->> 'step')
        ),
        wrong as (
            select r.id, r.place, (r.step ->> 'cost_micros')::bigint as cost_micros,
                p.cost_micros + r.shared_micros - r.noted_micros as missing_micros
            from results r
            join paid p on p.subject = r.match_key and p.provider = r.step ->> 'step'
            where r.is_last and (p.cost_micros + r.shared_micros > r.noted_micros
                or (p.cost_micros + r.shared_micros < r.noted_micros and r.step ->> 'outcome' = 'uncertain'))
        )
        update leads t set
            cost_micros = t.cost_micros + (select sum(w.missing_micros) from wrong w where w.id = t.id)::bigint,
            steps = (
                select jsonb_agg(case when w.id is null then s.step else jsonb_set(
                    s.step, '{cost_micros}', to_jsonb((w.cost_micros + w.missing_micros)::bigint)) end order by s.place)
                from jsonb_array_elements(t.steps) with ordinality as s(step, place)
                left join wrong w on w.id = t.id and w.place = s.place)
        where t.workspace_id = workspace and t.id in (select id from wrong)
    $$;
ALTER FUNCTION public.ledger_correct_leads(workspace uuid, campaign uuid) OWNER TO pp_auth;
CREATE FUNCTION public.ledger_hit_rates() RETURNS TABLE(provider text, asked bigint, hits bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with lately as (select (now() at time zone 'UTC')::date - 90 as before)
    select n.provider, sum(n.asked)::bigint, sum(n.hits)::bigint
    from (
        select s.provider, s.asked, s.hits from spend_sums s, lately
        where s.workspace_id = '00000000-0000-0000-0000-000000000000' and s.day > lately.before
        union all
        select r.provider, r.asked, r.hits from running_sums r, lately where r.day > lately.before
    ) n
    group by n.provider having sum(n.asked) > 0
$$;
ALTER FUNCTION public.ledger_hit_rates() OWNER TO pp_auth;
CREATE FUNCTION public.ledger_is_open(workspace uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select case session_user
        when 'pp_web' then workspace in (select app_workspaces_as('member'))
        when 'pp_worker' then coalesce(workspace = app_job_workspace(), false)
        when 'pp_admin' then app_is_admin()
        else true end
$$;
ALTER FUNCTION public.ledger_is_open(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.ledger_restate(workspace uuid, call_key bytea, cost bigint, answer jsonb, has_found boolean, is_simulated boolean) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare call provider_calls%rowtype; settled bigint;
    begin
        select * into call from provider_calls where workspace_id = workspace and key = call_key;
        if not found then return null; end if;
        perform from campaigns where workspace_id = workspace and id = call.campaign_id for no key update;
        select * into call from provider_calls where workspace_id = workspace and key = call_key for no key update;
        if call.state in ('intent', 'unknown') then
            return ledger_settle(workspace, call_key, 'done', cost, 200, answer, has_found, is_simulated, null);
        end if;
        if call.state <> 'done' then return call.state; end if;
        settled := least(cost, call.cost_micros);
        update provider_calls set cost_micros = settled, response = answer, found = has_found
            where workspace_id = workspace and key = call_key;
        update campaigns set spent_micros = spent_micros - (call.cost_micros - settled)
            where workspace_id = workspace and id = call.campaign_id;
        return 'done';
    end $$;
CREATE FUNCTION public.ledger_settle(workspace uuid, call_key bytea, new_state text, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean, problem text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    declare call provider_calls%rowtype;
    begin
        select * into call from provider_calls where workspace_id = workspace and key = call_key;
        if not found then return null; end if;
        -- A lease that was lost since may still say what came of a call it made.
        if session_user = 'pp_worker' and call.holder is distinct from app_lease_hash()
            and not ledger_is_open(workspace) then
            raise insufficient_privilege using message = 'the call is that of another lease';
        end if;
        -- Every other place locks the campaign before its calls, so this one does, too.
        perform from campaigns where workspace_id = workspace and id = call.campaign_id for no key update;
        select * into call from provider_calls where workspace_id = workspace and key = call_key for no key update;
        if call.state not in ('intent', 'unknown') or new_state not in ('done', 'failed_free', 'unknown') then
            return call.state;
        end if;
        update provider_calls set state = new_state, done_at = now(), http_status = status, response = answer,
            found = has_found, error = problem,
            cost_micros = case new_state when 'done' then least(cost, price_micros) when 'unknown' then price_micros else 0 end
        where workspace_id = workspace and key = call_key;
        update campaigns set
            reserved_micros = reserved_micros - case when call.state = 'intent' then call.price_micros else 0 end,
            uncertain_micros = uncertain_micros - case when call.state = 'unknown' then call.price_micros else 0 end
                + case when new_state = 'unknown' then call.price_micros else 0 end,
            spent_micros = spent_micros - case when call.state = 'unknown' then call.price_micros else 0 end
                + case new_state when 'done' then least(cost, call.price_micros) when 'unknown' then call.price_micros else 0 end,
            simulated = simulated or is_simulated
        where workspace_id = workspace and id = call.campaign_id;
        if call.state = 'unknown' then perform ledger_correct_leads(workspace, call.campaign_id); end if;
        return new_state;
    end $$;
ALTER FUNCTION public.ledger_settle(workspace uuid, call_key bytea, new_state text, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean, problem text) OWNER TO pp_auth;
CREATE FUNCTION public.ledger_sums(by_what text, since timestamp with time zone, until timestamp with time zone) RETURNS TABLE("group" text, calls bigint, cost_micros bigint, saved_micros bigint, missed_micros bigint, uncertain_micros bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with added as (
        select case when by_what = 'day' then s.day end as day, case when by_what = 'provider' then s.provider end as provider,
            case when by_what in ('workspace', 'campaign', 'user') then s.workspace_id end as workspace_id,
            case when by_what in ('campaign', 'user') then s.campaign_id end as campaign_id, sum(s.calls) as calls,
            sum(s.cost_micros) as cost_micros, sum(s.saved_micros) as saved_micros, sum(s.missed_micros) as missed_micros,
            sum(s.uncertain_micros) as uncertain_micros
        from call_sums s
        where app_is_admin() and coalesce(s.day >= (since at time zone 'UTC')::date, true)
            and coalesce(s.day < (until at time zone 'UTC')::date, true)
        group by 1, 2, 3, 4
    ),
    told as (
        select s.*, case by_what when 'campaign' then g.id end as one, case by_what
            when 'day' then to_char(s.day, 'YYYY-MM-DD')
            when 'campaign' then g.title || ', ' || to_char(g.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
            when 'provider' then s.provider
            when 'workspace' then w.name
            else coalesce(u.email, 'A former member') end as what
        from added s
        left join campaigns g on g.workspace_id = s.workspace_id and g.id = s.campaign_id
        left join workspaces w on w.id = s.workspace_id
        left join users u on u.id = g.created_by
    )
    select what, sum(calls)::bigint, sum(cost_micros)::bigint, sum(saved_micros)::bigint, sum(missed_micros)::bigint,
        sum(uncertain_micros)::bigint
    from told group by what, one
    order by case when by_what = 'day' then what end desc, 3 desc, what
$$;
ALTER FUNCTION public.ledger_sums(by_what text, since timestamp with time zone, until timestamp with time zone) OWNER TO pp_auth;
CREATE FUNCTION public.list_alike(workspace uuid, domains text[], phones text[], names text[]) RETURNS TABLE(company_id uuid, name text, category text, domain text, phone text, city text, postcode text, chain text, details jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select l.company_id, l.name, l.category, l.domain, l.phone, l.city, l.postcode, l.chain, l.details from leads l
        where l.workspace_id = workspace and l.is_current and l.domain is not null and l.chain is null
            and l.domain = any(domains)
    union select l.company_id, l.name, l.category, l.domain, l.phone, l.city, l.postcode, l.chain, l.details from leads l
        where l.workspace_id = workspace and l.is_current and l.phone is not null and l.phone = any(phones)
    union select l.company_id, l.name, l.category, l.domain, l.phone, l.city, l.postcode, l.chain, l.details from leads l
        where l.workspace_id = workspace and l.is_current
            and book_name(l.name) = any(array(select book_name(n) from unnest(names) as n))
$$;
ALTER FUNCTION public.list_alike(workspace uuid, domains text[], phones text[], names text[]) OWNER TO pp_auth;
CREATE FUNCTION public.list_bringing(workspace uuid, hash bytea) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select k.list_id from list_keys k
    join lists s on s.workspace_id = k.workspace_id and s.id = k.list_id
    where k.workspace_id = workspace and k.key_hash = hash and s.kind = 'exclusion' and s.state in ('storing', 'kept')
        and s.removed_at is null
    order by s.created_at, s.id limit 1
$$;
ALTER FUNCTION public.list_bringing(workspace uuid, hash bytea) OWNER TO pp_auth;
CREATE FUNCTION public.list_remove(workspace uuid, list uuid, gone boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare found_list lists%rowtype;
begin
    if workspace not in (select app_workspaces_as('member')) then return false; end if;
    perform lists_hold(workspace);
    select * into found_list from lists s where s.workspace_id = workspace and s.id = list and s.state = 'kept'
        and (s.removed_at is null) = gone
        and workspace in (select app_workspaces_as(case s.kind when 'exclusion' then 'admin' else 'member' end)) for update;
    if not found then return false; end if;
    update lists s set removed_at = case when gone then now() end where s.workspace_id = workspace and s.id = list;
    if found_list.kind = 'customers' then
        perform customers_count(workspace, array(
            select m.company_id from list_members m where m.workspace_id = workspace and m.list_id = list));
    elsif gone then
        delete from suppressions x where x.workspace_id = workspace and x.list_id = list
            and list_bringing(workspace, x.value_hash) is null;
        update suppressions x set list_id = list_bringing(workspace, x.value_hash)
            where x.workspace_id = workspace and x.list_id = list;
    else
        insert into suppressions (workspace_id, value_hash, kind, reason, source, hint, added_by, list_id)
            select distinct on (k.key_hash) workspace, k.key_hash, k.kind, found_list.reason, 'file', k.hint,
                found_list.created_by, list
            from list_keys k where k.workspace_id = workspace and k.list_id = list
            on conflict do nothing;
    end if;
    perform auth_note(app_user_id(), case when gone then 'list_removed' else 'list_restored' end, workspace, list,
        jsonb_build_object('kind', found_list.kind));
    return true;
end $$;
ALTER FUNCTION public.list_remove(workspace uuid, list uuid, gone boolean) OWNER TO pp_auth;
CREATE FUNCTION public.lists_hold(workspace uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select pg_advisory_xact_lock(hashtextextended('lists ' || workspace, 0))
$$;
ALTER FUNCTION public.lists_hold(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.membership_has_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if exists (select from workspaces where id = old.workspace_id)
        and not exists (select from memberships where workspace_id = old.workspace_id and role = 'owner') then
        raise integrity_constraint_violation using message = 'a workspace has exactly one owner';
    end if;
    return null;
end $$;
ALTER FUNCTION public.membership_has_owner() OWNER TO pp_auth;
CREATE FUNCTION public.mention_claim_mail(hold_s integer) RETURNS TABLE(id uuid, recipient text, workspace_name text, tries integer, claimed_at timestamp with time zone, named_by jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid; who uuid; mail uuid;
begin
    update mentions m set mail_due_at = null where m.mail_due_at <= now() and (m.read_at is not null
        or m.at < now() - interval '1 day' or not exists (select from users u where u.id = m.user_id
            and u.mail_mentions and u.disabled_at is null and u.deleted_at is null and u.guest_until is null));
    -- The membership stands for all mentions of the person: two that send never share one out between them.
    select d.workspace_id, d.user_id, d.mail_id into home, who, mail
        from mentions d join memberships p on p.workspace_id = d.workspace_id and p.user_id = d.user_id
        where d.mail_due_at <= now() order by d.mail_due_at limit 1 for no key update of p skip locked;
    if home is null then
        return;
    end if;
    if mail is not null and not exists (select from mentions m where m.mail_id = mail and m.mail_due_at <= now()) then
        return; -- Another process has taken it in this moment.
    elsif mail is null then
        mail := gen_random_uuid();
        update mentions m set mail_id = mail
            where m.workspace_id = home and m.user_id = who and m.mail_id is null and m.mail_due_at is not null;
    end if;
    update mentions m set mail_tries = m.mail_tries + 1, mail_due_at = now() + make_interval(secs => hold_s)
        where m.mail_id = mail and m.mail_due_at is not null;
    return query
        select mail, u.email, w.name, max(m.mail_tries), now(), jsonb_agg(jsonb_build_object('author', b.email,
            'company_id', a.company_id, 'company', l.name) order by a.id)
        from mentions m
        join activities a on a.workspace_id = m.workspace_id and a.id = m.activity_id
        join leads l on l.workspace_id = a.workspace_id and l.company_id = a.company_id and l.is_current
        join users u on u.id = m.user_id
        left join users b on b.id = m.author_id
        join workspaces w on w.id = m.workspace_id
        where m.mail_id = mail and m.mail_due_at is not null
        group by u.email, w.name;
end $$;
ALTER FUNCTION public.mention_claim_mail(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.mention_mail_done(mail uuid, problem text, again boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update mentions set mail_error = problem, mail_due_at = case when again
            then now() + make_interval(secs => least(30 * 2 ^ least(mail_tries - 1, 20), 3600)) end
    where mail_id = mail and mail_due_at is not null
$$;
ALTER FUNCTION public.mention_mail_done(mail uuid, problem text, again boolean) OWNER TO pp_auth;
CREATE FUNCTION public.metrics_now() RETURNS TABLE(name text, subject text, part text, value double precision)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select m.name, m.subject, m.part, sum(m.value) from measures m where m.step = 'day' group by 1, 2, 3
    union all
    select 'now_waiting', '', '', count(*) from discovery_jobs j
        where j.status = 'pending' and j.wake_at < 'infinity'
    union all
    select 'now_waiting_longest_s', '', '', coalesce(extract(epoch from now() - min(j.wake_first_at)), 0)
        from discovery_jobs j where j.status = 'pending' and j.started_at is null and j.wake_at < 'infinity'
    union all
    select 'now_workers', '', '', count(*) from workers w where w.seen_at > now() - interval '20 seconds'
    union all
    select 'now_busy', '', '', count(distinct j.lease_owner) from discovery_jobs j
        where j.status = 'processing' and j.lease_until > now()
    union all
    select 'now_alerts', a.rule, a.severity, count(*) from alerts a where a.resolved_at is null group by 2, 3
    union all
    select 'now_credit', c.provider, '', c.left_over from provider_credit c
    union all
    select 'now_credit_whole', c.provider, '', coalesce(c.whole, c.most) from provider_credit c
    union all
    (select 'now_disk_used_percent', '', '', m.most from measures m
        where m.step = 'minute' and m.at > now() - interval '10 minutes' and m.name = 'disk_used_percent'
        order by m.at desc limit 1)
$$;
ALTER FUNCTION public.metrics_now() OWNER TO pp_auth;
CREATE FUNCTION public.minute_of_week(moment timestamp with time zone, zone text) RETURNS integer
    LANGUAGE sql IMMUTABLE
    RETURN (((floor((date_part('epoch'::text, (timezone(zone, moment) - '2001-01-01 00:00:00'::timestamp without time zone)) / (60)::double precision)))::bigint % (10080)::bigint))::integer;
CREATE FUNCTION public.needs_an_account() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if exists (select from users where id = new.user_id and guest_until is not null) then
        raise integrity_constraint_violation using message = 'a guest has no account';
    end if;
    return new;
end $$;
ALTER FUNCTION public.needs_an_account() OWNER TO pp_auth;
CREATE FUNCTION public.note_rewritten() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if new.deleted_at is not null then
        new.deleted_at := now();
        new.detail := '{"text": ""}';
        new.edited_at := null;
    elsif new.detail is distinct from old.detail then
        new.edited_at := now();
    end if;
    return new;
end $$;
ALTER FUNCTION public.note_rewritten() OWNER TO pp_auth;
CREATE FUNCTION public.outbox_claim_mail(hold_s integer, most_hours integer) RETURNS TABLE(workspace_id uuid, id uuid, campaign_id uuid, attempt integer, tries integer, claimed_at timestamp with time zone, recipient text, mail_when text, title text, status text, outcome_reason text, notice text, suspicion text, businesses_found bigint, lead_count bigint, emails_found bigint, emails_verified bigint, avg_confidence numeric, avg_reach numeric, budget_micros bigint, spent_micros bigint, uncertain_micros bigint, simulated boolean, bulk_id uuid, campaigns bigint)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
        with taken as (
            update outbox o set tries = o.tries + 1, due_at = now() + make_interval(secs => hold_s)
            where (o.workspace_id, o.id) = (
                select d.workspace_id, d.id from outbox d
                where d.kind = 'campaign_ended' and d.sent_at is null and d.dropped_at is null and d.due_at <= now()
                    and d.created_at > now() - make_interval(hours => most_hours)
                order by d.created_at limit 1 for update skip locked)
            returning o.workspace_id, o.id, o.job_id, o.attempt, o.tries
        )
        select t.workspace_id, t.id, c.id, t.attempt, t.tries, now(),
            -- Nobody is written to about a campaign that goes on or is deleted, or whose owner may not sign in; nor about
            -- a bulk order that does.
            case when j.attempt = t.attempt and c.ended_at is not null and c.deleted_at is null
                and u.disabled_at is null and (b.id is null or b.ended_at is not null) then u.email end,
            u.mail_when, coalesce(b.title, c.title),
            case when b.id is null then c.status else bulk_status(s.open, s.total, s.completed, s.failed, s.cancelled,
                s.total, false, b.stopped_at is not null) end,
            case when b.id is null then c.outcome_reason end, case when b.id is null then c.notice end,
            case when b.id is null then c.suspicion end,
            coalesce(s.businesses, c.businesses_found), coalesce(s.leads, c.lead_count),
            coalesce(s.emails_found, c.emails_found), coalesce(s.emails_verified, c.emails_verified),
            case when b.id is null then c.avg_confidence end, case when b.id is null then c.avg_reach end,
            coalesce(k.cap_micros, c.budget_micros), coalesce(s.spent_micros, c.spent_micros),
            coalesce(s.uncertain_micros, c.uncertain_micros), coalesce(s.simulated, c.simulated), b.id,
            coalesce(s.total, 1)
        from taken t
        join discovery_jobs j on j.workspace_id = t.workspace_id and j.id = t.job_id
        join campaigns c on c.workspace_id = j.workspace_id and c.id = j.campaign_id
        join users u on u.id = c.created_by
        left join bulk_orders b on b.workspace_id = c.workspace_id and b.id = c.bulk_id
        left join bulk_caps k on k.workspace_id = b.workspace_id and k.bulk_id = b.id
        left join lateral bulk_sums(b.workspace_id, b.id) s on true
    $$;
ALTER FUNCTION public.outbox_claim_mail(hold_s integer, most_hours integer) OWNER TO pp_auth;
CREATE FUNCTION public.own_list_let_go(campaign uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    delete from lists l using campaigns c
    where c.workspace_id = app_job_workspace() and c.id = campaign and l.workspace_id = c.workspace_id
        and l.state = 'ordered' and l.id::text = c.spec ->> 'own_list'
$$;
ALTER FUNCTION public.own_list_let_go(campaign uuid) OWNER TO pp_auth;
CREATE FUNCTION public.place_load_again(load uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators load places';
    end if;
    update place_loads l set state = 'waiting', tries = 0, worked_at = null, ended_at = null, said = ''
        where l.id = load and l.state in ('failed', 'stopped')
            and (l.kind in ('city', 'remove') or exists (select from place_load_parts p where p.load_id = l.id));
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'places_loaded', null, load,
        (select jsonb_build_object('name', l.name, 'kind', l.kind, 'file', l.file_name) from place_loads l where l.id = load));
    return true;
exception when unique_violation then
    return false;
end $$;
ALTER FUNCTION public.place_load_again(load uuid) OWNER TO pp_auth;
CREATE FUNCTION public.place_load_ask(load uuid, what text, called text, typed text, file text, land text, seen_on date, whole boolean, content bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators load places';
    end if;
    insert into place_loads (id, kind, name, place, file_name, country, observed_on, is_complete, asked_by)
        values (load, what, called, typed, file, land, seen_on, whole, app_user_id())
        on conflict do nothing;
    if not found then return false; end if;
    if content is not null then
        insert into place_load_parts (load_id, part, data) values (load, '', content);
    end if;
    if what = 'remove' then
        perform auth_note(app_user_id(), 'places_removed', null, load, jsonb_build_object('name', called));
    else
        perform auth_note(app_user_id(), 'places_loaded', null, load,
            jsonb_build_object('name', called, 'kind', what, 'file', file));
    end if;
    return true;
end $$;
ALTER FUNCTION public.place_load_ask(load uuid, what text, called text, typed text, file text, land text, seen_on date, whole boolean, content bytea) OWNER TO pp_auth;
CREATE FUNCTION public.place_load_stop(load uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators load places';
    end if;
    update place_loads set state = 'stopped', ended_at = now(), said = '' where id = load and state in ('waiting', 'running');
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'places_stopped', null, load,
        (select jsonb_build_object('name', l.name) from place_loads l where l.id = load));
    return true;
end $$;
ALTER FUNCTION public.place_load_stop(load uuid) OWNER TO pp_auth;
CREATE FUNCTION public.place_wish(typed text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare me uuid := app_user_id();
begin
    if me is null then
        raise insufficient_privilege using message = 'nobody asks';
    end if;
    insert into place_wishes (place, user_id)
        select typed, me where (select count(*) < 500 and count(*) filter (where user_id = me) < 10 from place_wishes)
        on conflict do nothing;
    return exists (select from place_wishes where place = typed and user_id = me);
end $$;
ALTER FUNCTION public.place_wish(typed text) OWNER TO pp_auth;
CREATE FUNCTION public.place_wish_settle(typed text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators load places';
    end if;
    delete from place_wishes where place = typed;
end $$;
ALTER FUNCTION public.place_wish_settle(typed text) OWNER TO pp_auth;
CREATE FUNCTION public.plan_figures(workspace uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select (p.plans -> w.plan) || jsonb_build_object('plan', w.plan)
    from (select convert_from(i.value, 'UTF8')::jsonb as plans
        from installation i where i.name = 'plans' and length(i.value) > 0) p,
        lateral (select coalesce((select case when a.grace_until < now() then 'free' else a.plan end
            from billing_accounts a where a.workspace_id = workspace and p.plans ? a.plan), 'free') as plan) w
$$;
ALTER FUNCTION public.plan_figures(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.plan_keys_admit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare figures jsonb := plan_figures(new.workspace_id);
begin
    if not (figures ->> 'api')::boolean then perform plan_refuse(figures, 'api', 0); end if;
    return new;
end $$;
ALTER FUNCTION public.plan_keys_admit() OWNER TO pp_auth;
CREATE FUNCTION public.plan_leads_count() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update plan_leads l set used = l.used + greatest(0, new.lead_count - l.base), promised = 0
        where l.workspace_id = new.workspace_id and l.campaign_id = new.id and l.promised > 0;
    return null;
end $$;
ALTER FUNCTION public.plan_leads_count() OWNER TO pp_auth;
CREATE FUNCTION public.plan_leads_grant() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare figures jsonb := plan_figures(new.workspace_id); starts date := spend_starts('month', now());
    wanted integer := greatest(0, coalesce((new.spec ->> 'max_results')::integer, 0) - new.lead_count); room bigint;
begin
    if figures is null then return null; end if;
    perform pg_advisory_xact_lock(hashtextextended('plan ' || new.workspace_id, 0));
    select (figures ->> 'leads')::bigint - coalesce(sum(l.used + l.promised), 0) into room
        from plan_leads l where l.workspace_id = new.workspace_id and l.month = starts;
    if wanted > room then perform plan_refuse(figures, 'leads', room); end if;
    insert into plan_leads (workspace_id, month, campaign_id, base, promised)
        values (new.workspace_id, starts, new.id, new.lead_count, wanted)
        on conflict (workspace_id, month, campaign_id) do update
        set base = excluded.base, promised = excluded.promised;
    return null;
end $$;
ALTER FUNCTION public.plan_leads_grant() OWNER TO pp_auth;
CREATE FUNCTION public.plan_members_admit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare figures jsonb := plan_figures(new.workspace_id); people bigint;
begin
    if figures is null then return null; end if;
    perform pg_advisory_xact_lock(hashtextextended('plan ' || new.workspace_id, 0));
    select count(*) into people from memberships m where m.workspace_id = new.workspace_id;
    if tg_op = 'INSERT' then
        people := people + (select count(*) from invitations i where i.workspace_id = new.workspace_id
            and i.accepted_at is null and i.revoked_at is null and i.expires_at > now());
    end if;
    if people > (figures ->> 'members')::bigint then perform plan_refuse(figures, 'members', 0); end if;
    return null;
end $$;
ALTER FUNCTION public.plan_members_admit() OWNER TO pp_auth;
CREATE FUNCTION public.plan_refuse(figures jsonb, what text, room bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    raise exception using errcode = 'PPPLN', message = 'the plan allows no more',
        detail = jsonb_build_object('what', what, 'plan', figures -> 'plan', 'left', greatest(0, room));
end $$;
ALTER FUNCTION public.plan_refuse(figures jsonb, what text, room bigint) OWNER TO pp_auth;
CREATE FUNCTION public.plan_schedules_admit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare figures jsonb;
begin
    if new.paused_at is not null or (tg_op = 'UPDATE' and old.paused_at is null) then return new; end if;
    figures := plan_figures(new.workspace_id);
    if figures is null then return new; end if;
    perform pg_advisory_xact_lock(hashtextextended('plan ' || new.workspace_id, 0));
    if (select count(*) from schedules s
        where s.workspace_id = new.workspace_id and s.id <> new.id and s.paused_at is null) >= (figures ->> 'schedules')::bigint
    then
        perform plan_refuse(figures, 'schedules', 0);
    end if;
    return new;
end $$;
ALTER FUNCTION public.plan_schedules_admit() OWNER TO pp_auth;
CREATE FUNCTION public.provider_steer(what text, stop boolean, label text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators stop providers';
    end if;
    insert into provider_stops (provider, is_stopped, changed_by) values (what, stop, app_user_id())
        on conflict (provider) do update
            set is_stopped = excluded.is_stopped, changed_at = now(), changed_by = excluded.changed_by;
    if not stop then
        delete from provider_status where provider = what and state <> 'ok';
    end if;
    perform auth_note(app_user_id(), case when stop then 'provider_stopped' else 'provider_tried_again' end, null, null,
        jsonb_build_object('provider', label));
end $$;
ALTER FUNCTION public.provider_steer(what text, stop boolean, label text) OWNER TO pp_auth;
CREATE FUNCTION public.queue_pause(wanted boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators pause the queue';
    end if;
    insert into switches (name, is_on) values ('queue_paused', wanted)
        on conflict (name) do update set is_on = excluded.is_on, changed_at = now();
    perform auth_note(app_user_id(), case when wanted then 'queue_paused' else 'queue_resumed' end, null, null, '{}');
end $$;
ALTER FUNCTION public.queue_pause(wanted boolean) OWNER TO pp_auth;
CREATE FUNCTION public.role_rank(role text) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select array_position(array['viewer', 'member', 'admin', 'owner'], role)
$$;
CREATE FUNCTION public.run_differences(workspace uuid, earlier uuid, later uuid) RETURNS TABLE(changed integer, was uuid, becomes uuid, company uuid, figure integer)
    LANGUAGE sql STABLE
    AS $$
    select case when a.marks = b.marks then 0 else
            coalesce((a.marks[1] <> b.marks[1])::int, 0) + coalesce((a.marks[2] <> b.marks[2])::int, 0) * 2
            + coalesce((a.marks[3] <> b.marks[3])::int, 0) * 4 + coalesce((a.marks[4] <> b.marks[4])::int, 0) * 8
            + coalesce((a.marks[5] <> b.marks[5])::int, 0) * 16 + coalesce((a.marks[6] <> b.marks[6])::int, 0) * 32
            + coalesce((a.marks[7] <> b.marks[7])::int, 0) * 64 + coalesce((a.marks[8] <> b.marks[8])::int, 0) * 128
            + coalesce((a.marks[9] <> b.marks[9])::int, 0) * 256 end,
        a.id, b.id, coalesce(b.company_id, a.company_id),
        coalesce(b.confidence + coalesce(b.reach, b.confidence), a.confidence + coalesce(a.reach, a.confidence))
    from (select l.id, l.company_id, l.marks, l.confidence, l.reach from public.leads l
            where l.workspace_id = workspace and l.campaign_id = earlier) a
    full join (select l.id, l.company_id, l.marks, l.confidence, l.reach from public.leads l
            where l.workspace_id = workspace and l.campaign_id = later) b on b.company_id = a.company_id
$$;
CREATE FUNCTION public.schedule_admits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if exists (select from api_keys k where k.key_hash = app_proof() and k.limit_micros is not null)
        or exists (select from users u where u.id = app_user_id() and u.guest_until is not null) then
        raise exception using errcode = 'PPSCH', message = 'neither guests nor keys with a money limit make schedules';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('schedules ' || new.workspace_id, 0));
    if tg_op = 'INSERT' and (select count(*) from schedules where workspace_id = new.workspace_id) >= 50 then
        raise check_violation using message = 'a workspace has 50 schedules at most', constraint = 'schedules_most';
    end if;
    return new;
end $$;
ALTER FUNCTION public.schedule_admits() OWNER TO pp_auth;
CREATE FUNCTION public.schedule_brought_on() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if exists (select from api_keys k where k.key_hash = app_proof() and k.limit_micros is not null) then
        raise exception using errcode = 'PPSCH', message = 'no key with a money limit brings schedules on';
    end if;
    return new;
end $$;
ALTER FUNCTION public.schedule_brought_on() OWNER TO pp_auth;
CREATE FUNCTION public.schedule_export_secret(workspace uuid, schedule uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select e.secret from schedule_exports e
    join schedules s on s.workspace_id = e.workspace_id and s.id = e.schedule_id
    where e.workspace_id = workspace and e.schedule_id = schedule
        and workspace in (select app_workspaces_as('member'))
        and (s.created_by = app_user_id() or workspace in (select app_workspaces_as('admin')))
$$;
ALTER FUNCTION public.schedule_export_secret(workspace uuid, schedule uuid) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_file_waits(workspace uuid, run uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (
        select from schedule_runs r
        join schedules s on s.workspace_id = r.workspace_id and s.id = r.schedule_id
        join export_files f on f.workspace_id = r.workspace_id and f.id = r.id and f.state = 'ready' and f.ends_at > now()
        where r.workspace_id = workspace and r.id = run and r.outcome = 'failed'
            and workspace in (select app_workspaces_as('member'))
            and (s.created_by = app_user_id() or workspace in (select app_workspaces_as('admin')))
    )
$$;
ALTER FUNCTION public.schedule_file_waits(workspace uuid, run uuid) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_keeps_failing(one public.schedules) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select count(*) = 3 and bool_and(last.status = 'failed')
    from (
        select c.status
        from schedule_runs r join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
        where r.workspace_id = one.workspace_id and r.schedule_id = one.id and r.begun_at > one.changed_at
            and c.ended_at is not null
        order by r.begun_at desc limit 3
    ) last
$$;
ALTER FUNCTION public.schedule_keeps_failing(one public.schedules) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_may_export(workspace uuid, person uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (
        select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and m.user_id = person and role_rank(m.role) >= role_rank('member')
            and u.disabled_at is null and u.deleted_at is null and u.guest_until is null
    )
$$;
ALTER FUNCTION public.schedule_may_export(workspace uuid, person uuid) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_noted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one schedules := coalesce(new, old);
begin
    if app_user_id() is not null then
        perform auth_note(app_user_id(), case tg_op when 'INSERT' then 'schedule_added' when 'DELETE' then 'schedule_removed'
            when 'UPDATE' then case when (new.paused_at is null) = (old.paused_at is null) then 'schedule_changed'
                when new.paused_at is null then 'schedule_resumed' else 'schedule_paused' end
            end, one.workspace_id, one.id, '{}');
    end if;
    return null;
end $$;
ALTER FUNCTION public.schedule_noted() OWNER TO pp_auth;
CREATE FUNCTION public.schedule_order(workspace uuid, schedule uuid, due timestamp with time zone, next_time timestamp with time zone, passed integer, run uuid, campaign uuid, job uuid, wake uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one schedules; export schedule_exports; said text;
begin
    select s.* into one from schedules s
    where s.workspace_id = workspace and s.id = schedule and s.next_at = due for update skip locked;
    if one.id is null then return null; end if;
    select e.* into export from schedule_exports e where e.workspace_id = workspace and e.schedule_id = schedule;
    if not (case when one.spec is null then schedule_may_export(workspace, one.created_by) else exists (
        select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and m.user_id = one.created_by and role_rank(m.role) >= role_rank('member')
            and u.disabled_at is null and u.deleted_at is null
            and not (u.is_free and (one.spec ->> 'budget_usd')::numeric > 0)
    ) end) then
        perform schedule_pause(workspace, schedule, 'no_right');
        return 'no_right';
    end if;
    if schedule_keeps_failing(one) then
        perform schedule_pause(workspace, schedule, 'failures');
        return 'failures';
    end if;
    if one.spec is null then
        said := case when exists (
            select from schedule_runs r where r.workspace_id = workspace and r.schedule_id = schedule and r.outcome = 'making'
        ) then 'still_running' else 'making' end;
    else
        said := schedule_refusal(one);
    end if;
    if said is null then
        begin
            insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros)
            values (workspace, campaign, one.created_by, 'schedule ' || run, left(one.name, 300), one.spec,
                (one.spec ->> 'budget_usd')::numeric * 1000000);
            insert into discovery_jobs (workspace_id, id, campaign_id) values (workspace, job, campaign);
            insert into outbox (workspace_id, id, kind, job_id, attempt) values (workspace, wake, 'run_campaign', job, 0);
            said := 'ordered';
        exception when sqlstate 'PPLIM' then
            said := 'limit_reached';
        when sqlstate 'PPPLN' then
            said := 'plan_reached';
        when sqlstate 'PPWAL' then
            said := 'wallet_empty';
        end;
    end if;
    insert into schedule_runs (workspace_id, id, schedule_id, due_at, missed, outcome, campaign_id)
    values (workspace, run, schedule, due, passed, said, case when said = 'ordered' then campaign end);
    if said = 'making' then
        insert into export_files (workspace_id, id, user_id, format, asked, is_scheduled)
        values (workspace, run, one.created_by, export.format, export.asked, true);
    end if;
    -- One that is due every hour would else keep a row of each for ever.
    delete from schedule_runs r
        where r.workspace_id = workspace and r.schedule_id = schedule and r.begun_at < now() - interval '400 days';
    update schedules s set next_at = next_time, paused_at = case when next_time is null then now() end,
        pause_cause = case when next_time is null then 'never' end
    where s.workspace_id = workspace and s.id = schedule;
    return said;
end $$;
ALTER FUNCTION public.schedule_order(workspace uuid, schedule uuid, due timestamp with time zone, next_time timestamp with time zone, passed integer, run uuid, campaign uuid, job uuid, wake uuid) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_pause(workspace uuid, schedule uuid, cause text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update schedules set next_at = null, paused_at = now(), pause_cause = cause
    where workspace_id = workspace and id = schedule
$$;
ALTER FUNCTION public.schedule_pause(workspace uuid, schedule uuid, cause text) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_refusal(one public.schedules) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select case
        when exists (
            select from schedule_runs r join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
            where r.workspace_id = one.workspace_id and r.schedule_id = one.id and c.ended_at is null
        ) then 'still_running'
        when schedule_spent(one) + (one.spec ->> 'budget_usd')::numeric * 1000000 > one.month_micros
            then 'month_spent'
    end
$$;
ALTER FUNCTION public.schedule_refusal(one public.schedules) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_run_failed(workspace uuid, run uuid, why text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one schedules;
begin
    update schedule_runs r set outcome = 'failed', said = left(why, 1000), try_at = null, lease_hash = null, lease_until = null
    where r.workspace_id = workspace and r.id = run and r.outcome = 'making';
    if not found then return; end if;
    select s.* into one from schedules s join schedule_runs r on r.workspace_id = s.workspace_id and r.schedule_id = s.id
    where r.workspace_id = workspace and r.id = run and s.next_at is not null;
    if one.id is null then return; end if;
    if not schedule_may_export(workspace, one.created_by) then
        perform schedule_pause(workspace, one.id, 'no_right');
    elsif (
        select count(*) = 3 and bool_and(last.outcome = 'failed')
        from (
            select r.outcome from schedule_runs r
            where r.workspace_id = workspace and r.schedule_id = one.id and r.begun_at > one.changed_at
                and r.outcome in ('sent', 'failed')
            order by r.begun_at desc limit 3
        ) last
    ) then
        perform schedule_pause(workspace, one.id, 'failures');
    end if;
end $$;
ALTER FUNCTION public.schedule_run_failed(workspace uuid, run uuid, why text) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_run_follows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if tg_op = 'DELETE' then
        update schedule_runs r set outcome = 'let_go', try_at = null, lease_hash = null, lease_until = null
        where r.workspace_id = old.workspace_id and r.id = old.id and r.outcome = 'making';
    elsif new.state = 'ready' and old.state <> 'ready' then
        update schedule_runs r set row_count = new.row_count, left_out = new.left_out, bytes = new.bytes, try_at = now()
        where r.workspace_id = new.workspace_id and r.id = new.id and r.outcome = 'making';
    elsif new.state = 'failed' and old.state <> 'failed' then
        perform schedule_run_failed(new.workspace_id, new.id, new.said);
    end if;
    return null;
end $$;
ALTER FUNCTION public.schedule_run_follows() OWNER TO pp_auth;
CREATE FUNCTION public.schedule_run_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from export_files f where f.workspace_id = old.workspace_id and f.id = old.id and f.is_scheduled;
    return null;
end $$;
ALTER FUNCTION public.schedule_run_gone() OWNER TO pp_auth;
CREATE FUNCTION public.schedule_send_again(workspace uuid, run uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    -- The outcome is asked here as well: of two at once, the second one finds it changed.
    update schedule_runs r set outcome = 'making', said = '', tries = 0, try_at = now()
    where r.workspace_id = workspace and r.id = run and r.outcome = 'failed' and schedule_file_waits(workspace, run);
    return found;
end $$;
ALTER FUNCTION public.schedule_send_again(workspace uuid, run uuid) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_send_done(went_to text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare done schedule_runs%rowtype;
begin
    update schedule_runs r set outcome = 'sent', place = left(went_to, 2000), said = '', sent_at = now(), try_at = null,
            lease_hash = null, lease_until = null
        from schedule_sending() h where r.workspace_id = h.workspace_id and r.id = h.id returning r.* into done;
    if not found then return false; end if;
    delete from export_files f where f.workspace_id = done.workspace_id and f.is_scheduled and f.id in (
        select kept.id from (
            select r.id, e.target, row_number() over (order by r.begun_at desc) as nth
            from schedule_runs r
            join schedule_exports e on e.workspace_id = r.workspace_id and e.schedule_id = r.schedule_id
            where r.workspace_id = done.workspace_id and r.schedule_id = done.schedule_id and r.outcome = 'sent'
        ) kept where kept.target not in ('mail', 'link') or kept.nth > 3);
    update export_files f set ends_at = f.ends_at + interval '1 hour'
        from schedule_exports e
        where f.workspace_id = done.workspace_id and f.id = done.id and e.workspace_id = done.workspace_id
            and e.schedule_id = done.schedule_id and e.target = 'link';
    return true;
end $$;
ALTER FUNCTION public.schedule_send_done(went_to text) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_send_failed(why text, wait_s double precision) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare held record;
begin
    select h.* into held from schedule_sending() h;
    if held.id is null then return false; end if;
    if wait_s is null then
        perform schedule_run_failed(held.workspace_id, held.id, why);
    else
        update schedule_runs r set said = left(why, 1000), try_at = now() + make_interval(secs => wait_s),
                lease_hash = null, lease_until = null
            where r.workspace_id = held.workspace_id and r.id = held.id;
    end if;
    return true;
end $$;
ALTER FUNCTION public.schedule_send_failed(why text, wait_s double precision) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_send_go_on(seconds integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update schedule_runs r set lease_until = now() + make_interval(secs => seconds)
        from schedule_sending() h where r.workspace_id = h.workspace_id and r.id = h.id;
    return found;
end $$;
ALTER FUNCTION public.schedule_send_go_on(seconds integer) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_send_is_due() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (select from schedule_runs where try_at <= now() and coalesce(lease_until, '-infinity') < now())
$$;
ALTER FUNCTION public.schedule_send_is_due() OWNER TO pp_auth;
CREATE FUNCTION public.schedule_send_part(place integer) RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select p.data from export_parts p join schedule_sending() h on p.workspace_id = h.workspace_id and p.file_id = h.id
    where p.number = place
$$;
ALTER FUNCTION public.schedule_send_part(place integer) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_send_take(seconds integer) RETURNS TABLE(workspace_id uuid, job_id uuid, secret text, schedule_id uuid, called text, due_at timestamp with time zone, name text, format text, row_count integer, size bigint, sha256 bytea, target text, place jsonb, sealed text, tries integer, recipient text, begun_at timestamp with time zone, ends_at timestamp with time zone, now_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare given schedule_runs%rowtype; proof text;
begin
    perform schedule_run_failed(r.workspace_id, r.id, case when r.tries < 8
            then 'Who made this schedule may not take leads away here any more.'
            else 'It was begun eight times and never finished.' end)
        from schedule_runs r join schedules s on s.workspace_id = r.workspace_id and s.id = r.schedule_id
        where r.try_at <= now() and coalesce(r.lease_until, '-infinity') < now()
            and (r.tries >= 8 or not schedule_may_export(r.workspace_id, s.created_by));
    perform schedule_run_failed(r.workspace_id, r.id,
            'The link is closed, or its time is over. Save the schedule again for another one.')
        from schedule_runs r join schedule_exports e on e.workspace_id = r.workspace_id and e.schedule_id = r.schedule_id
        where r.try_at <= now() and coalesce(r.lease_until, '-infinity') < now() and e.target = 'link'
            and not exists (select from client_links l where l.workspace_id = r.workspace_id
                and l.schedule_id = r.schedule_id and l.revoked_at is null and l.expires_at > now());
    select r.* into given from schedule_runs r
        where r.try_at <= now() and coalesce(r.lease_until, '-infinity') < now()
        order by r.try_at limit 1 for update skip locked;
    if not found then return; end if;
    proof := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
    update schedule_runs r set tries = r.tries + 1, lease_hash = sha256(convert_to(proof, 'UTF8')),
            lease_until = now() + make_interval(secs => seconds)
        where r.workspace_id = given.workspace_id and r.id = given.id;
    return query
        select s.workspace_id, given.id, proof, s.id, s.name, given.due_at, f.name, f.format, f.row_count, f.bytes,
            f.sha256, e.target, e.place, e.secret, given.tries + 1, u.email, given.begun_at, f.ends_at, now()
        from schedules s
        join schedule_exports e on e.workspace_id = s.workspace_id and e.schedule_id = s.id
        join export_files f on f.workspace_id = s.workspace_id and f.id = given.id
        join users u on u.id = s.created_by
        where s.workspace_id = given.workspace_id and s.id = given.schedule_id;
end $$;
ALTER FUNCTION public.schedule_send_take(seconds integer) OWNER TO pp_auth;
CREATE FUNCTION public.schedule_sending() RETURNS TABLE(workspace_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select r.workspace_id, r.id from schedule_runs r
    where r.id = nullif(current_setting('app.job_id', true), '')::uuid and r.outcome = 'making'
        and r.lease_hash = app_lease_hash() and r.lease_until > now()
$$;
ALTER FUNCTION public.schedule_sending() OWNER TO pp_auth;
CREATE FUNCTION public.schedule_spent(one public.schedules) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select coalesce(sum(case when c.ended_at is null then c.budget_micros else c.spent_micros end), 0)::bigint
    from schedule_runs r join campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
    where r.workspace_id = one.workspace_id and r.schedule_id = one.id and c.created_at >= date_trunc('month', now(), 'UTC')
$$;
ALTER FUNCTION public.schedule_spent(one public.schedules) OWNER TO pp_auth;
CREATE FUNCTION public.schedules_due(most integer) RETURNS TABLE(workspace_id uuid, id uuid, cron text, time_zone text, next_at timestamp with time zone, now_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select s.workspace_id, s.id, s.cron, s.time_zone, s.next_at, now()
    from schedules s where s.next_at <= now() order by s.next_at limit most
$$;
ALTER FUNCTION public.schedules_due(most integer) OWNER TO pp_auth;
CREATE FUNCTION public.schedules_spent(workspace uuid) RETURNS TABLE(id uuid, micros bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select s.id, schedule_spent(s) from schedules s
    where s.workspace_id = workspace and workspace in (select app_workspaces())
$$;
ALTER FUNCTION public.schedules_spent(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.secret_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from provider_credit where provider = coalesce(new.subject, old.subject);
    delete from provider_status where provider = coalesce(new.subject, old.subject) and state in ('refused', 'exhausted');
    return null;
end $$;
ALTER FUNCTION public.secret_changed() OWNER TO pp_auth;
CREATE FUNCTION public.secret_keep(what text, encrypted text, mark text, to_show jsonb, label text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators set keys';
    end if;
    insert into installation_secrets (subject, sealed, fingerprint, about, set_by)
        values (what, encrypted, mark, to_show, app_user_id())
        on conflict (subject) do update set sealed = excluded.sealed, fingerprint = excluded.fingerprint,
            about = excluded.about, set_at = now(), set_by = excluded.set_by;
    perform secret_noted(what, 'set', label);
end $$;
ALTER FUNCTION public.secret_keep(what text, encrypted text, mark text, to_show jsonb, label text) OWNER TO pp_auth;
CREATE FUNCTION public.secret_noted(what text, done text, label text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select auth_note(app_user_id(),
        case what when 'mail_server' then 'mail_server_' else 'provider_key_' end || done, null, null,
        jsonb_build_object(case what when 'mail_server' then 'server' else 'provider' end, label))
$$;
ALTER FUNCTION public.secret_noted(what text, done text, label text) OWNER TO pp_auth;
CREATE FUNCTION public.secret_remove(what text, label text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then return false; end if;
    delete from installation_secrets where subject = what;
    if not found then return false; end if;
    perform secret_noted(what, 'removed', label);
    return true;
end $$;
ALTER FUNCTION public.secret_remove(what text, label text) OWNER TO pp_auth;
CREATE FUNCTION public.spend_add(workspace uuid, campaign uuid, at timestamp with time zone, change bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare item record; used bigint;
begin
    for item in
        select l.id, l.scope, l.period, l.micros, spend_starts(l.period, at) as starts from spend_limits l
        where l.workspace_id is null or (l.workspace_id = workspace and (l.user_id is null or l.user_id = (
            select c.created_by from campaigns c where c.workspace_id = workspace and c.id = campaign)))
        order by l.period desc, l.scope
    loop
        if change <= 0 then
            update spend_counters c set used_micros = c.used_micros + change
                where c.limit_id = item.id and c.starts = item.starts;
            continue;
        end if;
        insert into spend_counters as c (limit_id, starts, used_micros) values (item.id, item.starts, change)
            on conflict (limit_id, starts) do update set used_micros = c.used_micros + excluded.used_micros
            returning c.used_micros into used;
        if used > item.micros then
            raise exception using errcode = 'PPLIM', message = 'a money limit is reached',
                detail = jsonb_build_object('scope', item.scope, 'period', item.period);
        end if;
        if used = change then
            delete from spend_counters c where c.limit_id = item.id and c.starts < item.starts - 62;
        end if;
    end loop;
end $$;
ALTER FUNCTION public.spend_add(workspace uuid, campaign uuid, at timestamp with time zone, change bigint) OWNER TO pp_auth;
CREATE FUNCTION public.spend_admit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare item spend_limits; room bigint;
begin
    if tg_op = 'INSERT' and new.bulk_id is not null then return null; end if;
    perform spend_sees_all();
    for item in
        select l.* from spend_limits l
        where l.workspace_id is null
            or (l.workspace_id = new.workspace_id and (l.user_id is null or l.user_id = new.created_by))
        order by l.period desc, l.scope for no key update
    loop
        room := item.micros - spend_used(item) - spend_promised(item);
        if room < 0 then
            raise exception using errcode = 'PPLIM', message = 'a money limit is reached', detail = jsonb_build_object(
                'scope', item.scope, 'period', item.period,
                'left', greatest(0, room + new.budget_micros - new.spent_micros));
        end if;
    end loop;
    return null;
end $$;
ALTER FUNCTION public.spend_admit() OWNER TO pp_auth;
CREATE FUNCTION public.spend_count() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare change bigint := spend_counts(new.state, new.price_micros, new.cost_micros);
begin
    perform spend_sees_all();
    if not exists (select from spend_limits) then return null; end if;
    if tg_op = 'UPDATE' then
        if old.sent_at = new.sent_at then
            change := change - spend_counts(old.state, old.price_micros, old.cost_micros);
        else
            perform spend_add(old.workspace_id, old.campaign_id, old.sent_at,
                -spend_counts(old.state, old.price_micros, old.cost_micros));
        end if;
    end if;
    perform spend_add(new.workspace_id, new.campaign_id, new.sent_at, change);
    return null;
end $$;
ALTER FUNCTION public.spend_count() OWNER TO pp_auth;
CREATE FUNCTION public.spend_counts(state text, price bigint, cost bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$ select case state when 'intent' then price else cost end $$;
CREATE FUNCTION public.spend_promised(of_limit public.spend_limits) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with still_open as (
        select c.workspace_id, c.bulk_id, c.budget_micros - c.spent_micros - (
            select coalesce(sum(p.price_micros), 0) from provider_calls p
            where p.workspace_id = c.workspace_id and p.campaign_id = c.id and p.state = 'intent') as room
        from campaigns c
        where c.ended_at is null and (of_limit.workspace_id is null or c.workspace_id = of_limit.workspace_id)
            and (of_limit.user_id is null or c.created_by = of_limit.user_id)
    ), promised as (
        select o.room from still_open o where o.bulk_id is null
        union all
        select least(sum(o.room), min(b.cap_micros - b.used_micros)) from still_open o
        join bulk_caps b on b.workspace_id = o.workspace_id and b.bulk_id = o.bulk_id
        group by b.workspace_id, b.bulk_id
    )
    select coalesce(sum(room), 0)::bigint from promised
$$;
ALTER FUNCTION public.spend_promised(of_limit public.spend_limits) OWNER TO pp_auth;
CREATE FUNCTION public.spend_sees_all() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'money moves in read committed transactions only';
    end if;
end $$;
ALTER FUNCTION public.spend_sees_all() OWNER TO pp_auth;
CREATE FUNCTION public.spend_starts(period text, at timestamp with time zone) RETURNS date
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$ select date_trunc(period, at at time zone 'UTC')::date $$;
CREATE FUNCTION public.spend_sums_add(part public.call_sums, whose uuid, ordered bigint, usable bigint, sign integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    insert into spend_sums
        select o.workspace_id, d.day, o.user_id, part.provider, sign * part.calls, sign * part.asked, sign * part.hits,
            sign * part.cost_micros, sign * part.saved_micros, sign * part.missed_micros, sign * part.uncertain_micros,
            sign * ordered, sign * usable
        from (values (part.workspace_id, whose), ('00000000-0000-0000-0000-000000000000',
                '00000000-0000-0000-0000-000000000000')) as o (workspace_id, user_id),
            (values (part.day), ('-infinity')) as d (day)
$$;
ALTER FUNCTION public.spend_sums_add(part public.call_sums, whose uuid, ordered bigint, usable bigint, sign integer) OWNER TO pp_auth;
CREATE FUNCTION public.spend_sums_compact() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with fresh as (select distinct workspace_id, day, provider, user_id from spend_sums where is_new),
    gone as (
        delete from spend_sums s using fresh f
        where s.workspace_id = f.workspace_id and s.day = f.day and s.provider = f.provider and s.user_id = f.user_id
        returning s.*
    )
    insert into spend_sums
        select * from (
            select workspace_id, day, user_id, provider, sum(calls) as calls, sum(asked) as asked, sum(hits) as hits,
                sum(cost_micros) as cost, sum(saved_micros) as saved, sum(missed_micros) as missed,
                sum(uncertain_micros) as uncertain, sum(ordered_micros) as ordered, sum(usable) as usable, false
            from gone group by 1, 2, 3, 4
        ) s
        where (calls, asked, hits, cost, saved, missed, uncertain, ordered, usable) <> (0, 0, 0, 0, 0, 0, 0, 0, 0)
$$;
ALTER FUNCTION public.spend_sums_compact() OWNER TO pp_auth;
CREATE FUNCTION public.spend_sums_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if tg_op <> 'INSERT' and old.ended_at is not null then
        perform spend_sums_of(old, -1);
    end if;
    if tg_op <> 'DELETE' and new.ended_at is not null then
        perform spend_sums_of(new, 1);
    end if;
    return case tg_op when 'DELETE' then old end;
end $$;
ALTER FUNCTION public.spend_sums_keep() OWNER TO pp_auth;
CREATE FUNCTION public.spend_sums_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    delete from spend_sums where workspace_id = old.id;
    return null;
end $$;
ALTER FUNCTION public.spend_sums_left() OWNER TO pp_auth;
CREATE FUNCTION public.spend_sums_of(campaign public.campaigns, sign integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select spend_sums_add(s, campaign.created_by, 0, 0, sign) from call_sums s
    where s.workspace_id = campaign.workspace_id and s.campaign_id = campaign.id;
    select spend_sums_add((campaign.workspace_id, (campaign.created_at at time zone 'UTC')::date, campaign.id, '', 0, 0, 0, 0, 0, 0,
        0)::call_sums, campaign.created_by, campaign.spent_micros, campaign.emails_verified, sign);
$$;
ALTER FUNCTION public.spend_sums_of(campaign public.campaigns, sign integer) OWNER TO pp_auth;
CREATE FUNCTION public.spend_used(of_limit public.spend_limits) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select coalesce((select c.used_micros from spend_counters c
        where c.limit_id = of_limit.id and c.starts = spend_starts(of_limit.period, now())), 0)
$$;
ALTER FUNCTION public.spend_used(of_limit public.spend_limits) OWNER TO pp_auth;
CREATE FUNCTION public.squeezed(words text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select regexp_replace(translate(normalize(replace(replace(replace(replace(lower(coalesce(words, '')),
        'ß', 'ss'), '&', ' and '), 'æ', 'ae'), 'œ', 'oe'), nfkd), 'øđðłı', 'oddli'), '[^[:alnum:]]', '', 'g')
$$;
CREATE FUNCTION public.subject_about(workspace uuid, who jsonb) RETURNS TABLE(what text, value text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with found as (
        select coalesce(l.domain, b.domain) as domain, b.email, l.email as lead_email, l.contacts
        from subject_businesses(workspace, who) s
        join businesses b on b.workspace_id = s.workspace_id and b.id = s.business_id
        left join leads l on l.workspace_id = b.workspace_id and l.business_id = b.id
        where s.is_whole
    )
    select 'domain', domain from found where domain is not null
    union select 'email', email from found where email is not null
    union select 'email', lead_email from found where lead_email is not null
    union select 'email', c ->> 'email' from found, jsonb_array_elements(coalesce(contacts, '[]')) as c
$$;
ALTER FUNCTION public.subject_about(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_activities(workspace uuid, who jsonb) RETURNS TABLE(workspace_id uuid, id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select a.workspace_id, a.id from activities a
    where a.workspace_id in (select subject_scope(workspace)) and (
        (a.workspace_id, a.company_id) in (
            select l.workspace_id, l.company_id from subject_businesses(workspace, who) b
            join leads l on l.workspace_id = b.workspace_id and l.business_id = b.business_id where b.is_whole)
        or (who ->> 'kind' <> 'company' and a.detail::text ~* (who ->> 'pattern')))
$$;
ALTER FUNCTION public.subject_activities(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_acts(workspace uuid, who jsonb) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select a.id from audit_log a
    where (a.workspace_id in (select subject_scope(workspace)) or workspace is null and a.workspace_id is null)
        and exists (select from subject_scope(workspace)) and who ->> 'kind' in ('email', 'domain')
        and a.detail ->> 'email' ~* (who ->> 'pattern')
        and not exists (select from users u where lower(u.email) = lower(a.detail ->> 'email'))
$$;
ALTER FUNCTION public.subject_acts(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_blot(rows_of regclass, who jsonb, ids uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
declare item record; id_column text := case rows_of::text when 'leads' then 'business_id' else 'id' end;
begin
    if rows_of::text = 'leads' then
        update leads set contacts = (select coalesce(jsonb_agg(c order by place), '[]')
                from jsonb_array_elements(contacts) with ordinality as given (c, place)
                where c::text !~* (who ->> 'pattern'))
            where business_id = any(ids);
    end if;
    for item in select attname as name, attnotnull as is_needed, atttypid = 'jsonb'::regtype as is_json
        from pg_attribute where attrelid = rows_of and attnum > 0 and not attisdropped
            and atttypid in ('text'::regtype, 'jsonb'::regtype) and attname not in ('match_key', 'email_status')
    loop
        if item.is_json then
            execute format('update %s set %I = regexp_replace(%2$I::text, $1, ''[erased]'', ''gi'')::jsonb'
                ' where %I = any($2) and %2$I::text ~* $1', rows_of, item.name, id_column)
                using who ->> 'wide', ids;
        else
            execute format('update %s set %I = %s where %I = any($2) and %2$I ~* $1', rows_of, item.name,
                case when item.is_needed then format('regexp_replace(%I, $1, ''[erased]'', ''gi'')', item.name)
                    else 'null' end, id_column) using who ->> 'wide', ids;
        end if;
    end loop;
end $_$;
ALTER FUNCTION public.subject_blot(rows_of regclass, who jsonb, ids uuid[]) OWNER TO pp_auth;
CREATE FUNCTION public.subject_businesses(workspace uuid, who jsonb) RETURNS TABLE(workspace_id uuid, business_id uuid, campaign_id uuid, match_key text, is_whole boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with asked as materialized (
        select coalesce(who -> 'names', jsonb_build_object(
            coalesce(who ->> 'name', ''), jsonb_build_array(who ->> 'place'))) as names)
    select f.workspace_id, f.id, f.campaign_id, f.match_key, f.is_whole from (
        select b.workspace_id, b.id, b.campaign_id, b.match_key, coalesce(case who ->> 'kind'
                when 'domain' then coalesce(l.domain, b.domain) = who ->> 'value'
                    or coalesce(l.domain, b.domain) like '%.' || (who ->> 'value')
                when 'phone' then who ->> 'value' in (l.phone, b.phone)
                when 'company' then case
                    when a.names ?| array[squeezed(coalesce(l.name, b.name)), squeezed(b.name)] then (
                        coalesce(a.names -> squeezed(coalesce(l.name, b.name)), '[]')
                        || coalesce(a.names -> squeezed(b.name), '[]')
                    ) ?| array[
                        squeezed(b.city), squeezed(b.postcode), squeezed(coalesce(b.postcode, '') || coalesce(b.city, '')),
                        squeezed(l.city), squeezed(l.postcode), squeezed(coalesce(l.postcode, '') || coalesce(l.city, ''))]
                    end
                else false end, false) as is_whole,
            who ->> 'kind' <> 'company'
                and (b::text ~* (who ->> 'pattern') or coalesce(l::text ~* (who ->> 'pattern'), false)) as is_named
        from businesses b
        cross join asked a
        left join leads l on l.workspace_id = b.workspace_id and l.business_id = b.id
        where b.workspace_id in (select subject_scope(workspace))
    ) f where f.is_whole or f.is_named
$$;
ALTER FUNCTION public.subject_businesses(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_calls(workspace uuid, who jsonb) RETURNS TABLE(workspace_id uuid, key bytea, campaign_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    with addresses as materialized (
        select lower(a.value) as email from subject_about(workspace, who) a where a.what = 'email')
    select c.workspace_id, c.key, c.campaign_id from provider_calls c
    where c.workspace_id in (select subject_scope(workspace)) and (
        (c.campaign_id, c.subject) in (select b.campaign_id, b.match_key from subject_businesses(workspace, who) b
            where b.is_whole)
        or c.arguments::text ~* (who ->> 'pattern') or c.response::text ~* (who ->> 'pattern')
        or c.error ~* (who ->> 'pattern')
        or exists (select from addresses a where strpos(lower(concat(c.arguments, c.response)), a.email) > 0))
$$;
ALTER FUNCTION public.subject_calls(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_edits(workspace uuid, who jsonb) RETURNS TABLE(workspace_id uuid, company_id uuid, field text, is_whole boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select f.workspace_id, f.company_id, f.field, f.is_whole from (
        select e.workspace_id, e.company_id, e.field, (e.workspace_id, e.company_id) in (
                select l.workspace_id, l.company_id from subject_businesses(workspace, who) b
                join leads l on l.workspace_id = b.workspace_id and l.business_id = b.business_id where b.is_whole) as is_whole,
            who ->> 'kind' <> 'company' and e.typed::text ~* (who ->> 'pattern') as is_named
        from company_edits e where e.workspace_id in (select subject_scope(workspace))
    ) f where f.is_whole or f.is_named
$$;
ALTER FUNCTION public.subject_edits(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_erase(workspace uuid, who jsonb, questions jsonb, tombstone bytea, hint text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
declare
    scope uuid[] := array(select subject_scope(workspace)); whole uuid[]; named uuid[]; said text; item text;
    pattern text := who ->> 'pattern'; by_order text := who ->> 'order'; is_company boolean := who ->> 'kind' = 'company';
    part bigint; done jsonb; why constant text := 'Asked to be erased';
begin
    if cardinality(scope) = 0 then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    whole := array(select business_id from subject_businesses(workspace, who) where is_whole);
    named := array(select business_id from subject_businesses(workspace, who) where not is_whole);
    if exists (select from campaigns c where c.ended_at is null and (c.workspace_id, c.id) in (
            select b.workspace_id, b.campaign_id from subject_businesses(workspace, who) b
            union select p.workspace_id, p.campaign_id from subject_calls(workspace, who) p)) then
        return '{"running": 1}';
    end if;
    delete from provider_cache c using subject_kept(workspace, who, questions) k
        where c.provider = k.provider and c.operation = k.operation and c.argument_hash = k.argument_hash;
    get diagnostics part = row_count; done := jsonb_build_object('kept_answers', part);
    select coalesce(sum(calls_forget(s.workspace_id, s.keys)), 0) into part from (
        select workspace_id, array_agg(key) as keys from subject_calls(workspace, who) group by 1) s;
    done := done || jsonb_build_object('answers', part);
    update campaigns c set lead_count = greatest(0, c.lead_count - g.leads), businesses_found = greatest(0, c.businesses_found - g.found),
            leads_enriched = least(c.leads_enriched, greatest(0, c.lead_count - g.leads)),
            emails_found = least(c.emails_found, greatest(0, c.lead_count - g.leads)),
            emails_verified = least(c.emails_verified, greatest(0, c.lead_count - g.leads))
        from (select b.workspace_id, b.campaign_id, count(*)::int as found, count(l.id)::int as leads from businesses b
            left join leads l on l.workspace_id = b.workspace_id and l.business_id = b.id
            where b.id = any(whole) and b.workspace_id = any(scope) group by 1, 2) g
        where c.workspace_id = g.workspace_id and c.id = g.campaign_id;
    delete from activities a using subject_activities(workspace, who) s
        where a.workspace_id = s.workspace_id and a.id = s.id;
    get diagnostics part = row_count; done := done || jsonb_build_object('notes', part);
    if not is_company then
        update companies set tags = array(select tag from unnest(tags) as tag where tag !~* pattern)
            where workspace_id = any(scope) and array_to_string(tags, ' ') ~* pattern;
        -- What was noted of the tags before, and of this.
        delete from activities where workspace_id = any(scope) and kind = 'tags' and detail::text ~* pattern;
    end if;
    delete from leads where business_id = any(whole) and workspace_id = any(scope);
    get diagnostics part = row_count; done := done || jsonb_build_object('leads', part);
    delete from businesses where id = any(whole) and workspace_id = any(scope);
    get diagnostics part = row_count; done := done || jsonb_build_object('businesses', part);
    if cardinality(named) > 0 then
        perform subject_blot('businesses', who, named);
        perform subject_blot('leads', who, named);
        foreach item in array array['email', 'phone', 'website', 'domain'] loop
            execute format('update leads set provenance = provenance - %1$L,'
                ' empty_reasons = empty_reasons || jsonb_build_object(%1$L, ''It was erased on request.'')'
                ' where business_id = any($1) and %1$I is null and provenance ? %1$L', item) using named;
        end loop;
        update leads set email_status = 'none', is_role_address = false where business_id = any(named) and email is null;
    end if;
    done := done || jsonb_build_object('changed', cardinality(named));
    update exports set filter = regexp_replace(filter::text, by_order, '[erased]', 'gi')::jsonb
        where workspace_id = any(scope) and filter::text ~* by_order;
    get diagnostics part = row_count; done := done || jsonb_build_object('exports', part);
    update campaigns set title = regexp_replace(title, by_order, 'erased', 'gi'),
            spec = regexp_replace(spec::text, by_order, 'erased', 'gi')::jsonb,
            notice = regexp_replace(notice, by_order, 'erased', 'gi'), suspicion = regexp_replace(suspicion, by_order, 'erased', 'gi'),
            outcome_reason = regexp_replace(outcome_reason, by_order, 'erased', 'gi')
        where workspace_id = any(scope) and case when is_company then spec ->> 'by_name' ~* by_order
            else concat_ws(' ', title, spec, notice, suspicion, outcome_reason) ~* by_order end;
    get diagnostics part = row_count; done := done || jsonb_build_object('orders', part);
    if not is_company then
        update job_events set message = regexp_replace(message, who ->> 'wide', '[erased]', 'gi')
            where workspace_id = any(scope) and message ~* pattern;
        get diagnostics part = row_count; done := done || jsonb_build_object('events', part);
        update discovery_jobs set error = regexp_replace(error, who ->> 'wide', '[erased]', 'gi')
            where workspace_id = any(scope) and error ~* pattern;
        update outbox set error = regexp_replace(error, who ->> 'wide', '[erased]', 'gi')
            where workspace_id = any(scope) and error ~* pattern;
    end if;
    if workspace is null then
        insert into installation_suppressions (value_hash, kind, reason) values (tombstone, who ->> 'kind', why)
            on conflict do nothing;
    else
        delete from suppressions where workspace_id = workspace and value_hash = tombstone;
        insert into suppressions (workspace_id, value_hash, kind, reason, source, hint, added_by)
            values (workspace, tombstone, who ->> 'kind', why, 'erasure', hint, app_user_id());
    end if;
    perform auth_note(app_user_id(), case when workspace is null then 'erased_everywhere' else 'erased' end, workspace, null,
        done || jsonb_build_object('hash', encode(tombstone, 'hex'), 'kind', who ->> 'kind'));
    return done;
end $_$;
ALTER FUNCTION public.subject_erase(workspace uuid, who jsonb, questions jsonb, tombstone bytea, hint text) OWNER TO pp_auth;
CREATE FUNCTION public.subject_erase_invited(workspace uuid, who jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone integer; blotted integer;
begin
    if not exists (select from subject_scope(workspace)) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    update audit_log set detail = detail - 'email' || '{"erased": true}' where id in (select subject_acts(workspace, who));
    get diagnostics blotted = row_count;
    delete from invitations i using subject_invitations(workspace, who) s
        where s.workspace_id = i.workspace_id and s.id = i.id;
    get diagnostics gone = row_count;
    return jsonb_build_object('invitations', gone, 'acts', blotted);
end $$;
ALTER FUNCTION public.subject_erase_invited(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_erase_replies(workspace uuid, who jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare part integer; gone integer; by_order text := who ->> 'order';
begin
    if not exists (select from subject_scope(workspace)) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    delete from api_replies r where r.workspace_id in (select subject_scope(workspace)) and r.body ~* by_order;
    get diagnostics gone = row_count;
    delete from quotes q where q.workspace_id in (select subject_scope(workspace))
        and concat_ws(' ', q.spec, q.plan) ~* by_order;
    get diagnostics part = row_count; gone := gone + part;
    update schedules set name = left(regexp_replace(name, by_order, 'erased', 'gi'), 200),
            spec = regexp_replace(spec::text, by_order, 'erased', 'gi')::jsonb
        where workspace_id in (select subject_scope(workspace))
            and case when who ->> 'kind' = 'company' then spec ->> 'by_name' ~* by_order
                else concat_ws(' ', name, spec) ~* by_order end;
    get diagnostics part = row_count; gone := gone + part;
    update schedule_exports set asked = regexp_replace(asked::text, by_order, 'erased', 'gi')::jsonb
        where workspace_id in (select subject_scope(workspace))
            and case when who ->> 'kind' = 'company' then asked #>> '{filter,text}' ~* by_order
                else asked ->> 'filter' ~* by_order end;
    get diagnostics part = row_count;
    return gone + part;
end $$;
ALTER FUNCTION public.subject_erase_replies(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_erase_tags(workspace uuid, who jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    select count(*) into gone from subject_tags(workspace, who);
    update campaigns c set tags = array(select t.tag from unnest(c.tags) with ordinality as t (tag, place)
            where not exists (select from subject_tags(workspace, who) s where s.workspace_id = c.workspace_id
                and s.campaign_id = c.id and s.tag = t.tag) order by t.place)
        where (c.workspace_id, c.id) in (select s.workspace_id, s.campaign_id from subject_tags(workspace, who) s);
    return gone;
end $$;
ALTER FUNCTION public.subject_erase_tags(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_erase_views(workspace uuid, who jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare by_order text := who ->> 'order'; done integer; part integer;
begin
    if not exists (select from subject_scope(workspace)) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    update client_links l set name = left(regexp_replace(l.name, by_order, '[erased]', 'gi'), 100),
            shows = left(regexp_replace(l.shows, by_order, '[erased]', 'gi'), 300)
        where l.workspace_id in (select subject_scope(workspace)) and concat_ws(' ', l.name, l.shows) ~* by_order;
    get diagnostics done = row_count;
    update saved_views v set query = regexp_replace(v.query::text, by_order, '[erased]', 'gi')::jsonb,
            name = case when v.name ~* by_order
                then left(regexp_replace(v.name, by_order, '[erased]', 'gi'), 50) || ' ' || right(v.id::text, 8)
                else v.name end
        from subject_views(workspace, who) s where s.workspace_id = v.workspace_id and s.id = v.id;
    get diagnostics part = row_count;
    return done + part;
end $$;
ALTER FUNCTION public.subject_erase_views(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_exports_erase(workspace uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare scope uuid[] := array(select subject_scope(workspace)); gone integer;
begin
    if cardinality(scope) = 0 then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('exports', 0));
    delete from export_files where workspace_id = any(scope);
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.subject_exports_erase(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.subject_forget_edits(workspace uuid, who jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare concerned bigint; pattern text := who ->> 'pattern';
begin
    select count(*) into concerned from subject_edits(workspace, who);
    if who ->> 'kind' = 'company' then return concerned; end if;
    delete from company_edits e using subject_edits(workspace, who) s where not s.is_whole
        and e.workspace_id = s.workspace_id and e.company_id = s.company_id and e.field = s.field;
    update leads l set found = (
            select jsonb_object_agg(f.key, case when f.key not in ('name', 'category') and f.value::text ~* pattern
                then '{"value": null, "reason": "It was erased on request."}' else f.value end)
            from jsonb_each(l.found) as f)
        where l.workspace_id in (select subject_scope(workspace)) and l.found::text ~* pattern and not exists (
            select from subject_businesses(workspace, who) b
            where b.is_whole and b.workspace_id = l.workspace_id and b.business_id = l.business_id);
    return concerned;
end $$;
ALTER FUNCTION public.subject_forget_edits(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_invitations(workspace uuid, who jsonb) RETURNS TABLE(workspace_id uuid, id uuid, email text, role text, invited_by uuid, created_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select i.workspace_id, i.id, i.email, i.role, i.invited_by, i.created_at from invitations i
    where i.workspace_id in (select subject_scope(workspace)) and who ->> 'kind' in ('email', 'domain')
        and i.email ~* (who ->> 'pattern')
        and not exists (select from users u where lower(u.email) = lower(i.email))
$$;
ALTER FUNCTION public.subject_invitations(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_keep_away(workspace uuid, hashes bytea[], hints text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare item bytea;
begin
    if workspace not in (select app_workspaces_as('admin')) then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    delete from suppressions where workspace_id = workspace and value_hash = any(hashes);
    insert into suppressions (workspace_id, value_hash, kind, reason, source, hint, added_by)
        select workspace, h.hash, 'company', 'Asked to be erased', 'erasure', h.hint, app_user_id()
        from unnest(hashes, hints) as h (hash, hint);
    foreach item in array hashes loop
        perform auth_note(app_user_id(), 'erased', workspace, null,
            jsonb_build_object('hash', encode(item, 'hex'), 'kind', 'company'));
    end loop;
end $$;
ALTER FUNCTION public.subject_keep_away(workspace uuid, hashes bytea[], hints text[]) OWNER TO pp_auth;
CREATE FUNCTION public.subject_kept(workspace uuid, who jsonb, questions jsonb) RETURNS TABLE(provider text, operation text, argument_hash bytea, fetched_at timestamp with time zone, expires_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select c.provider, c.operation, c.argument_hash, c.fetched_at, c.expires_at from provider_cache c
    where exists (select subject_scope(workspace)) and (c.response::text ~* (who ->> 'pattern') or exists (
        select from jsonb_to_recordset(questions) as q (provider text, operation text, hash text)
        where q.provider = c.provider and q.operation = c.operation and decode(q.hash, 'hex') = c.argument_hash))
$$;
ALTER FUNCTION public.subject_kept(workspace uuid, who jsonb, questions jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_lists_erase(workspace uuid, hash bytea, kind text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare scope uuid[] := array(select subject_scope(workspace)); gone integer;
begin
    if cardinality(scope) = 0 then
        raise insufficient_privilege using message = 'only who answers for the workspace erases';
    end if;
    if exists (select from lists where workspace_id = any(scope) and state = 'storing') then return -1; end if;
    delete from lists where workspace_id = any(scope) and state in ('checking', 'checked', 'refused', 'ordered');
    delete from list_keys k using list_keys t
        where t.workspace_id = any(scope) and t.key_hash = hash and k.workspace_id = t.workspace_id
            and k.list_id = t.list_id and k.row_number = t.row_number
            and (k.key_hash = hash or subject_lists_erase.kind <> 'email');
    get diagnostics gone = row_count;
    return gone;
end $$;
ALTER FUNCTION public.subject_lists_erase(workspace uuid, hash bytea, kind text) OWNER TO pp_auth;
CREATE FUNCTION public.subject_reported(workspace uuid, hash bytea, kind text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if workspace not in (select app_workspaces_as('admin')) then
        raise insufficient_privilege using message = 'only who answers for the workspace reports';
    end if;
    perform auth_note(app_user_id(), 'subject_reported', workspace, null,
        jsonb_build_object('hash', encode(hash, 'hex'), 'kind', kind));
end $$;
ALTER FUNCTION public.subject_reported(workspace uuid, hash bytea, kind text) OWNER TO pp_auth;
CREATE FUNCTION public.subject_scope(workspace uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select w.id from workspaces w where case when workspace is null then app_is_admin()
        else w.id = workspace and w.id in (select app_workspaces_as('admin')) end
$$;
ALTER FUNCTION public.subject_scope(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.subject_tags(workspace uuid, who jsonb) RETURNS TABLE(workspace_id uuid, campaign_id uuid, tag text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select c.workspace_id, c.id, t.tag from campaigns c, unnest(c.tags) as t (tag)
    where c.workspace_id in (select subject_scope(workspace)) and who ->> 'kind' <> 'company' and t.tag ~* (who ->> 'pattern')
$$;
ALTER FUNCTION public.subject_tags(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.subject_views(workspace uuid, who jsonb) RETURNS TABLE(workspace_id uuid, id uuid, name text, made_by uuid, created_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select v.workspace_id, v.id, v.name, v.made_by, v.created_at from saved_views v
    where v.workspace_id in (select subject_scope(workspace)) and concat_ws(' ', v.name, v.query) ~* (who ->> 'order')
    union all
    select l.workspace_id, l.id, l.name, l.made_by, l.created_at from client_links l
    where l.workspace_id in (select subject_scope(workspace)) and concat_ws(' ', l.name, l.shows) ~* (who ->> 'order')
$$;
ALTER FUNCTION public.subject_views(workspace uuid, who jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.suppressed_forget() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare home uuid := to_jsonb(new) ->> 'workspace_id';
begin
    delete from suppressed_companies m where m.value_hash = new.value_hash and (home is null or m.workspace_id = home);
    return null;
end $$;
ALTER FUNCTION public.suppressed_forget() OWNER TO pp_auth;
CREATE FUNCTION public.suppression_remove(workspace uuid, hash bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone suppressions%rowtype;
begin
    delete from suppressions s where s.workspace_id = workspace and s.value_hash = hash
        and workspace in (select app_workspaces_as('admin')) returning s.* into gone;
    if not found then return false; end if;
    perform auth_note(app_user_id(), 'suppression_removed', workspace, null, jsonb_build_object(
        'hash', encode(hash, 'hex'), 'kind', gone.kind, 'source', gone.source));
    return true;
end $$;
ALTER FUNCTION public.suppression_remove(workspace uuid, hash bytea) OWNER TO pp_auth;
CREATE FUNCTION public.suppressions_take_back(workspace uuid, put_at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare gone bigint;
begin
    delete from suppressions s where s.workspace_id = workspace and s.created_at = put_at and s.source = 'typed'
        and s.added_by = app_user_id() and workspace in (select app_workspaces_as('admin'));
    get diagnostics gone = row_count;
    if gone > 0 then
        perform auth_note(app_user_id(), 'suppressions_taken_back', workspace, null, jsonb_build_object('entries', gone));
    end if;
    return gone;
end $$;
ALTER FUNCTION public.suppressions_take_back(workspace uuid, put_at timestamp with time zone) OWNER TO pp_auth;
CREATE FUNCTION public.team_hand_over(workspace uuid, member uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare me uuid := app_user_id();
begin
    if coalesce(team_rank(workspace) < role_rank('owner'), true) then return 'refused'; end if;
    if member = me then return 'own'; end if;
    if not exists (select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and m.user_id = member and u.disabled_at is null) then return 'gone'; end if;
    update memberships set role = 'admin' where workspace_id = workspace and user_id = me;
    update memberships set role = 'owner' where workspace_id = workspace and user_id = member;
    perform auth_note(me, 'ownership_handed_over', workspace, member, '{}');
    return 'done';
end $$;
ALTER FUNCTION public.team_hand_over(workspace uuid, member uuid) OWNER TO pp_auth;
CREATE FUNCTION public.team_invite(workspace uuid, new_id uuid, wanted text, new_role text, proof bytea, by_mail boolean) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare me uuid := app_user_id();
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true)
        or coalesce(new_role not in ('viewer', 'member', 'admin'), true) then return 'refused'; end if;
    if exists (select from memberships m join users u on u.id = m.user_id
        where m.workspace_id = workspace and lower(u.email) = lower(wanted)) then return 'member'; end if;
    if (select count(*) >= 20 from invitations
            where workspace_id = workspace and created_at > now() - interval '1 hour')
        or (select count(*) >= 50 from invitations
            where invited_by = me and created_at > now() - interval '1 day') then return 'too_many'; end if;
    update invitations set revoked_at = now(), mail_due_at = null where workspace_id = workspace
        and lower(email) = lower(wanted) and accepted_at is null and revoked_at is null;
    insert into invitations (workspace_id, id, email, role, token_hash, invited_by, mail_due_at)
        values (workspace, new_id, wanted, new_role, sha256(proof), me, case when by_mail then now() end);
    perform auth_note(me, 'invitation_made', workspace, new_id,
        jsonb_build_object('email', wanted, 'role', new_role, 'by_mail', by_mail));
    return 'done';
end $$;
ALTER FUNCTION public.team_invite(workspace uuid, new_id uuid, wanted text, new_role text, proof bytea, by_mail boolean) OWNER TO pp_auth;
CREATE FUNCTION public.team_leave(workspace uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare me uuid := app_user_id(); had text;
begin
    if team_rank(workspace) is null then return 'gone'; end if;
    select role into had from memberships where workspace_id = workspace and user_id = me;
    if had = 'owner' then return 'owner'; end if;
    perform team_take_out(workspace, me);
    perform auth_note(me, 'member_left', workspace, me, jsonb_build_object('role', had));
    return 'done';
end $$;
ALTER FUNCTION public.team_leave(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.team_people(workspace uuid) RETURNS TABLE(user_id uuid, email text, role text, joined_at timestamp with time zone, last_seen_at timestamp with time zone, is_disabled boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select u.id, u.email, m.role, m.created_at,
        greatest((select max(s.last_used_at) from sessions s where s.user_id = u.id),
            (select max(k.last_used_at) from api_keys k where k.user_id = u.id)),
        u.disabled_at is not null
    from memberships m join users u on u.id = m.user_id
    where m.workspace_id = workspace and workspace in (select app_workspaces())
    order by role_rank(m.role) desc, lower(u.email)
$$;
ALTER FUNCTION public.team_people(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.team_rank(workspace uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform from workspaces where id = workspace for no key update;
    return (select least(role_rank(m.role), a.most) from app_asker() a join memberships m on m.user_id = a.user_id
        where m.workspace_id = workspace and coalesce(m.workspace_id = a.only_workspace, true));
end $$;
ALTER FUNCTION public.team_rank(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.team_remove(workspace uuid, member uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare had text;
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true) then return 'refused'; end if;
    select role into had from memberships where workspace_id = workspace and user_id = member;
    if had is null then return 'gone'; end if;
    if member = app_user_id() then return 'own'; end if;
    if had = 'owner' then return 'owner'; end if;
    perform team_take_out(workspace, member);
    perform auth_note(app_user_id(), 'member_removed', workspace, member, jsonb_build_object('role', had));
    return 'done';
end $$;
ALTER FUNCTION public.team_remove(workspace uuid, member uuid) OWNER TO pp_auth;
CREATE FUNCTION public.team_rename(workspace uuid, new_name text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare had text;
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true) then return 'refused'; end if;
    select name into had from workspaces where id = workspace;
    update workspaces set name = new_name where id = workspace;
    perform auth_note(app_user_id(), 'workspace_renamed', workspace, workspace,
        jsonb_build_object('from', had, 'to', new_name));
    return 'done';
end $$;
ALTER FUNCTION public.team_rename(workspace uuid, new_name text) OWNER TO pp_auth;
CREATE FUNCTION public.team_set_role(workspace uuid, member uuid, new_role text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare had text;
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true)
        or coalesce(new_role not in ('viewer', 'member', 'admin'), true) then return 'refused'; end if;
    select role into had from memberships where workspace_id = workspace and user_id = member;
    if had is null then return 'gone'; end if;
    if member = app_user_id() then return 'own'; end if;
    if had = 'owner' then return 'owner'; end if;
    if had <> new_role then
        update memberships set role = new_role where workspace_id = workspace and user_id = member;
        perform auth_note(app_user_id(), 'role_changed', workspace, member,
            jsonb_build_object('from', had, 'to', new_role));
    end if;
    return 'done';
end $$;
ALTER FUNCTION public.team_set_role(workspace uuid, member uuid, new_role text) OWNER TO pp_auth;
CREATE FUNCTION public.team_take_out(workspace uuid, member uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare own uuid := gen_random_uuid();
begin
    update sessions set workspace_id = null where user_id = member and workspace_id = workspace;
    delete from memberships where workspace_id = workspace and user_id = member;
    if not exists (select from memberships where user_id = member) then
        insert into workspaces (id, name) select own, email from users where id = member;
        insert into memberships (workspace_id, user_id, role) values (own, member, 'owner');
    end if;
end $$;
ALTER FUNCTION public.team_take_out(workspace uuid, member uuid) OWNER TO pp_auth;
CREATE FUNCTION public.team_uninvite(workspace uuid, invitation uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare said_to text;
begin
    if coalesce(team_rank(workspace) < role_rank('admin'), true) then return 'refused'; end if;
    update invitations set revoked_at = now(), mail_due_at = null where workspace_id = workspace and id = invitation
        and accepted_at is null and revoked_at is null returning email into said_to;
    if said_to is null then return 'closed'; end if;
    perform auth_note(app_user_id(), 'invitation_revoked', workspace, invitation, jsonb_build_object('email', said_to));
    return 'done';
end $$;
ALTER FUNCTION public.team_uninvite(workspace uuid, invitation uuid) OWNER TO pp_auth;
CREATE FUNCTION public.wallet_admit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one wallets; room bigint;
begin
    if not wallets_are_on() or (tg_op = 'INSERT' and new.bulk_id is not null) then return null; end if;
    perform spend_sees_all();
    select w.* into one from wallets w where w.workspace_id = new.workspace_id for no key update;
    room := coalesce(one.balance_micros, 0) - wallet_promised(new.workspace_id);
    if room < 0 then perform wallet_refuse(room + new.budget_micros - new.spent_micros, one.owed_micros); end if;
    return null;
end $$;
ALTER FUNCTION public.wallet_admit() OWNER TO pp_auth;
CREATE FUNCTION public.wallet_admit_bulk() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one wallets; room bigint;
begin
    if not wallets_are_on() then return null; end if;
    perform spend_sees_all();
    select w.* into one from wallets w where w.workspace_id = new.workspace_id for no key update;
    room := coalesce(one.balance_micros, 0) - wallet_promised(new.workspace_id);
    if room < new.cap_micros then perform wallet_refuse(room, one.owed_micros); end if;
    return null;
end $$;
ALTER FUNCTION public.wallet_admit_bulk() OWNER TO pp_auth;
CREATE FUNCTION public.wallet_count() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare paid bigint;
begin
    select -sum(e.micros) into paid from wallet_entries e
        where e.workspace_id = new.workspace_id and e.call_id = new.id;
    if paid is null and (new.state <> 'intent' or not wallets_are_on()) then return null; end if;
    perform spend_sees_all();
    perform wallet_move(new.workspace_id, 'spend',
        coalesce(paid, 0) - spend_counts(new.state, new.price_micros, new.cost_micros), null, new.campaign_id, new.id, false);
    return null;
end $$;
ALTER FUNCTION public.wallet_count() OWNER TO pp_auth;
CREATE FUNCTION public.wallet_move(workspace uuid, why text, change bigint, charge text, campaign uuid, call uuid, of_test boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one wallets;
begin
    if change = 0 then return; end if;
    if change > 0 or why <> 'spend' then
        insert into wallets (workspace_id) values (workspace) on conflict do nothing;
    end if;
    select w.* into one from wallets w where w.workspace_id = workspace for no key update;
    if why = 'spend' and coalesce(one.balance_micros, 0) + change < 0 then
        perform wallet_refuse(one.balance_micros, one.owed_micros);
    end if;
    update wallets w set balance_micros = greatest(0, w.balance_micros - w.owed_micros + change),
            owed_micros = greatest(0, w.owed_micros - w.balance_micros - change)
        where w.workspace_id = workspace;
    insert into wallet_entries (workspace_id, kind, micros, charge_id, campaign_id, call_id, is_test)
        values (workspace, why, change, charge, campaign, call, of_test);
end $$;
ALTER FUNCTION public.wallet_move(workspace uuid, why text, change bigint, charge text, campaign uuid, call uuid, of_test boolean) OWNER TO pp_auth;
CREATE FUNCTION public.wallet_promised(workspace uuid) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select spend_promised(jsonb_populate_record(null::spend_limits, jsonb_build_object('workspace_id', workspace)))
$$;
ALTER FUNCTION public.wallet_promised(workspace uuid) OWNER TO pp_auth;
CREATE FUNCTION public.wallet_refuse(room bigint, owed bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    raise exception using errcode = 'PPWAL', message = 'the wallet has too little',
        detail = jsonb_build_object('left', greatest(0, room), 'owed', coalesce(owed, 0));
end $$;
ALTER FUNCTION public.wallet_refuse(room bigint, owed bigint) OWNER TO pp_auth;
CREATE FUNCTION public.wallets_are_on() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select exists (select from installation i where i.name = 'wallet' and i.value = convert_to('on', 'UTF8'))
$$;
ALTER FUNCTION public.wallets_are_on() OWNER TO pp_auth;
CREATE FUNCTION public.wallets_end_test() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare item record;
begin
    for item in
        select e.workspace_id, e.charge_id, e.kind, sum(e.micros)::bigint as micros from wallet_entries e
        where e.is_test group by e.workspace_id, e.charge_id, e.kind having sum(e.micros) <> 0
    loop
        perform wallet_move(item.workspace_id, item.kind, -item.micros, item.charge_id, null, null, true);
    end loop;
end $$;
ALTER FUNCTION public.wallets_end_test() OWNER TO pp_auth;
CREATE FUNCTION public.webhook_alert() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare what text := case when new.resolved_at is null then 'alert.raised' else 'alert.resolved' end;
begin
    insert into webhook_deliveries (workspace_id, id, webhook_id, event, data)
    select w.workspace_id, gen_random_uuid(), w.id, what, jsonb_build_object('alert_id', new.id, 'rule', new.rule,
        'subject', new.subject, 'severity', new.severity, 'title', new.title, 'why', new.why, 'raised_at', new.raised_at)
    from webhooks w join users u on u.id = w.created_by
    where what = any (w.events) and w.paused_at is null and u.is_admin and u.disabled_at is null;
    return null;
end $$;
ALTER FUNCTION public.webhook_alert() OWNER TO pp_auth;
CREATE FUNCTION public.webhook_campaign_ended() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform webhook_promise(new.workspace_id, 'campaign.ended', jsonb_build_object('campaign_id', new.id,
        'status', new.status, 'leads', new.lead_count, 'emails_verified', new.emails_verified,
        'spent_micros', new.spent_micros, 'ended_at', new.ended_at));
    return null;
end $$;
ALTER FUNCTION public.webhook_campaign_ended() OWNER TO pp_auth;
CREATE FUNCTION public.webhook_claim(hold_s integer) RETURNS TABLE(workspace_id uuid, id uuid, url text, event text, data jsonb, created_at timestamp with time zone, tries integer, secret text, earlier_secret text, now_s bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
#variable_conflict use_column
begin
    return query
        update webhook_deliveries d set due_at = now() + make_interval(secs => hold_s), tries = d.tries + 1, tried_at = now()
        from webhooks w
        where w.workspace_id = d.workspace_id and w.id = d.webhook_id and (d.workspace_id, d.id) = (
            select n.workspace_id, n.id from webhook_deliveries n where n.due_at <= now()
            order by n.tries, n.due_at limit 1 for update skip locked)
        returning d.workspace_id, d.id, w.url, d.event, d.data, d.created_at, d.tries, w.secret,
            case when w.earlier_until > now() then w.earlier_secret end, extract(epoch from now())::bigint;
end $$;
ALTER FUNCTION public.webhook_claim(hold_s integer) OWNER TO pp_auth;
CREATE FUNCTION public.webhook_done(workspace uuid, delivery uuid, answered integer, why text, wait_s double precision) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    update webhook_deliveries set status = answered, problem = why, due_at = now() + make_interval(secs => wait_s),
            delivered_at = case when why is null then now() end
        where workspace_id = workspace and id = delivery and delivered_at is null
$$;
ALTER FUNCTION public.webhook_done(workspace uuid, delivery uuid, answered integer, why text, wait_s double precision) OWNER TO pp_auth;
CREATE FUNCTION public.webhook_lead_verified() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform webhook_promise(new.workspace_id, 'lead.verified', jsonb_build_object('campaign_id', new.campaign_id,
        'lead_id', new.id, 'company_id', new.company_id));
    return null;
end $$;
ALTER FUNCTION public.webhook_lead_verified() OWNER TO pp_auth;
CREATE FUNCTION public.webhook_most() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    perform pg_advisory_xact_lock(hashtextextended('webhooks ' || new.workspace_id, 0));
    if (select count(*) from webhooks where workspace_id = new.workspace_id) >= 10 then
        raise check_violation using message = 'a workspace has ten webhooks at most', constraint = 'webhooks_most';
    end if;
    return new;
end $$;
ALTER FUNCTION public.webhook_most() OWNER TO pp_auth;
CREATE FUNCTION public.webhook_noted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
declare one webhooks := coalesce(new, old);
begin
    -- A workspace that goes takes them along; nobody asked for that one by one.
    if app_user_id() is not null then
        perform auth_note(app_user_id(), case tg_op when 'INSERT' then 'webhook_added' when 'DELETE' then 'webhook_removed'
            when 'UPDATE' then case when new.secret <> old.secret then 'webhook_secret_renewed' else 'webhook_changed' end
            end, one.workspace_id, one.id, '{}');
    end if;
    return null;
end $$;
ALTER FUNCTION public.webhook_noted() OWNER TO pp_auth;
CREATE FUNCTION public.webhook_promise(workspace uuid, what text, told jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    insert into webhook_deliveries (workspace_id, id, webhook_id, event, data)
    select w.workspace_id, gen_random_uuid(), w.id, what, told from webhooks w
    where w.workspace_id = workspace and what = any (w.events) and w.paused_at is null
$$;
ALTER FUNCTION public.webhook_promise(workspace uuid, what text, told jsonb) OWNER TO pp_auth;
CREATE FUNCTION public.webhook_renew_secret(workspace uuid, webhook uuid, sealed text, hours integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update webhooks set earlier_secret = secret, earlier_until = now() + make_interval(hours => least(hours, 168)),
            secret = sealed
        where workspace_id = workspace and id = webhook and workspace in (select app_workspaces_as('admin'));
    return found;
end $$;
ALTER FUNCTION public.webhook_renew_secret(workspace uuid, webhook uuid, sealed text, hours integer) OWNER TO pp_auth;
CREATE FUNCTION public.webhook_send(workspace uuid, webhook uuid, delivery uuid, what text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    insert into webhook_deliveries (workspace_id, id, webhook_id, event, data)
        select w.workspace_id, delivery, w.id, what, '{}' from webhooks w
        where w.workspace_id = workspace and w.id = webhook and workspace in (select app_workspaces_as('admin'));
    return found;
end $$;
ALTER FUNCTION public.webhook_send(workspace uuid, webhook uuid, delivery uuid, what text) OWNER TO pp_auth;
CREATE FUNCTION public.webhook_send_again(workspace uuid, delivery uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    update webhook_deliveries set due_at = now(), tries = 0, delivered_at = null
        where workspace_id = workspace and id = delivery and due_at is null
            and workspace in (select app_workspaces_as('admin'));
    return found;
end $$;
ALTER FUNCTION public.webhook_send_again(workspace uuid, delivery uuid) OWNER TO pp_auth;
CREATE FUNCTION public.worker_asks(job uuid, token bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    begin
        perform set_config('app.job_id', job::text, true), set_config('app.lease_token', token::text, true);
    end $$;
CREATE FUNCTION public.worker_rest(wanted text, rests boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
begin
    if not app_is_admin() then
        raise insufficient_privilege using message = 'only administrators let workers rest';
    end if;
    update workers set rests_since = case when rests then coalesce(rests_since, now()) end where name = wanted;
    if not found then return false; end if;
    perform auth_note(app_user_id(), case when rests then 'worker_rested' else 'worker_resumed' end, null, null,
        jsonb_build_object('worker', wanted));
    return true;
end $$;
ALTER FUNCTION public.worker_rest(wanted text, rests boolean) OWNER TO pp_auth;
CREATE FUNCTION public.workspace_is_empty(workspace uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
    select (select count(*) from memberships m where m.workspace_id = workspace) <= 1
        and not exists (select from campaigns c where c.workspace_id = workspace)
        and not exists (select from suppressions s where s.workspace_id = workspace)
        and not exists (select from lists s where s.workspace_id = workspace)
$$;
ALTER FUNCTION public.workspace_is_empty(workspace uuid) OWNER TO pp_auth;
CREATE VIEW running_sums WITH (security_invoker='true') AS
 SELECT s.workspace_id,
    s.day,
    c.created_by AS user_id,
    s.provider,
    s.calls,
    s.asked,
    s.hits,
    s.cost_micros,
    s.saved_micros,
    s.missed_micros,
    s.uncertain_micros,
    (0)::bigint AS ordered_micros,
    (0)::bigint AS usable
   FROM (campaigns c
     JOIN call_sums s ON (((s.workspace_id = c.workspace_id) AND (s.campaign_id = c.id))))
  WHERE (c.ended_at IS NULL)
UNION ALL
 SELECT c.workspace_id,
    ((c.created_at AT TIME ZONE 'UTC'::text))::date AS day,
    c.created_by AS user_id,
    ''::text AS provider,
    0 AS calls,
    0 AS asked,
    0 AS hits,
    0 AS cost_micros,
    0 AS saved_micros,
    0 AS missed_micros,
    0 AS uncertain_micros,
    c.spent_micros AS ordered_micros,
    c.emails_verified AS usable
   FROM campaigns c
  WHERE (c.ended_at IS NULL);
GRANT USAGE ON SCHEMA public TO pp_web;
GRANT USAGE ON SCHEMA public TO pp_worker;
GRANT USAGE ON SCHEMA public TO pp_system;
GRANT USAGE ON SCHEMA public TO pp_admin;
GRANT USAGE ON SCHEMA public TO pp_importer;
GRANT USAGE ON SCHEMA public TO pp_auth;
GRANT USAGE ON SCHEMA public TO pp_operator;
REVOKE ALL ON FUNCTION public.account_mail_came_to(link uuid, sent boolean, wait_s integer, why text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.account_mail_came_to(link uuid, sent boolean, wait_s integer, why text) TO pp_system;
REVOKE ALL ON FUNCTION public.account_mail_claim(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.account_mail_claim(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.account_mails_due() FROM PUBLIC;
GRANT ALL ON FUNCTION public.account_mails_due() TO pp_system;
REVOKE ALL ON FUNCTION public.admin_accounts(find text, before_at timestamp with time zone, before_id uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admin_accounts(find text, before_at timestamp with time zone, before_id uuid, most integer) TO pp_admin;
REVOKE ALL ON FUNCTION public.admin_delete(account uuid, heir uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admin_delete(account uuid, heir uuid) TO pp_admin;
REVOKE ALL ON FUNCTION public.admin_disable(account uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admin_disable(account uuid) TO pp_admin;
REVOKE ALL ON FUNCTION public.admin_enable(account uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admin_enable(account uuid) TO pp_admin;
REVOKE ALL ON FUNCTION public.admin_refusal(account uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.admin_set_admin(account uuid, wanted boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admin_set_admin(account uuid, wanted boolean) TO pp_admin;
REVOKE ALL ON FUNCTION public.admin_set_free(account uuid, wanted boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.admin_set_free(account uuid, wanted boolean) TO pp_admin;
REVOKE ALL ON FUNCTION public.admin_shut_out(account uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.alert_mail_claim(hold integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.alert_mail_claim(hold integer) TO pp_system;
REVOKE ALL ON FUNCTION public.alert_mail_done(alert bigint, whom uuid, problem text, again integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.alert_mail_done(alert bigint, whom uuid, problem text, again integer) TO pp_system;
REVOKE ALL ON FUNCTION public.alert_note(alert bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.alert_note(alert bigint) TO pp_admin;
REVOKE ALL ON FUNCTION public.alert_raised() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.analyze_places() FROM PUBLIC;
GRANT ALL ON FUNCTION public.analyze_places() TO pp_importer;
REVOKE ALL ON FUNCTION public.api_keys_that_end(within integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.api_keys_that_end(within integer) TO pp_system;
REVOKE ALL ON FUNCTION public.app_add_passkey(key text, new_id uuid, credential bytea, new_key bytea, signed bigint, challenge bytea, called text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_add_passkey(key text, new_id uuid, credential bytea, new_key bytea, signed bigint, challenge bytea, called text) TO pp_web;
REVOKE ALL ON FUNCTION public.app_asker() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.app_begin_password_check(fresh text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_begin_password_check(fresh text) TO pp_web;
REVOKE ALL ON FUNCTION public.app_billing_ask(of_workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_billing_ask(of_workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_billing_connect(of_workspace uuid, customer text, gone text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_billing_connect(of_workspace uuid, customer text, gone text) TO pp_web;
REVOKE ALL ON FUNCTION public.app_campaign_state(home uuid, campaign uuid, gone_after_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_campaign_state(home uuid, campaign uuid, gone_after_s integer) TO pp_web;
REVOKE ALL ON FUNCTION public.app_change_email(of_ticket uuid, derived text, new_email text, link uuid, hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_change_email(of_ticket uuid, derived text, new_email text, link uuid, hash bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.app_change_password(of_ticket uuid, derived text, new_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_change_password(of_ticket uuid, derived text, new_hash text) TO pp_web;
REVOKE ALL ON FUNCTION public.app_confirm_password(of_ticket uuid, derived text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_confirm_password(of_ticket uuid, derived text) TO pp_web;
REVOKE ALL ON FUNCTION public.app_connect_identity(key text, iss text, sub text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_connect_identity(key text, iss text, sub text) TO pp_web;
REVOKE ALL ON FUNCTION public.app_count_request(window_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_count_request(window_s integer) TO pp_web;
REVOKE ALL ON FUNCTION public.app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea, most_micros bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_create_key(new_id uuid, key_name text, wanted_scope text, days integer, proof bytea, most_micros bigint) TO pp_web;
REVOKE ALL ON FUNCTION public.app_delete_bulk_order(bulk uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_delete_bulk_order(bulk uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_delete_campaign(campaign uuid, questions jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_delete_campaign(campaign uuid, questions jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.app_disconnect_identity(of_ticket uuid, derived text, iss text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_disconnect_identity(of_ticket uuid, derived text, iss text) TO pp_web;
REVOKE ALL ON FUNCTION public.app_end_other_sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_end_other_sessions() TO pp_web;
REVOKE ALL ON FUNCTION public.app_end_session(which uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_end_session(which uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_export() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.app_export_people() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_export_people() TO pp_worker;
REVOKE ALL ON FUNCTION public.app_export_workspace() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_export_workspace() TO pp_worker;
REVOKE ALL ON FUNCTION public.app_guest_left() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_guest_left() TO pp_web;
REVOKE ALL ON FUNCTION public.app_identity_since(iss text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_identity_since(iss text) TO pp_web;
REVOKE ALL ON FUNCTION public.app_is_admin() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_is_admin() TO pp_web;
GRANT ALL ON FUNCTION public.app_is_admin() TO pp_admin;
REVOKE ALL ON FUNCTION public.app_limits(of_workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_limits(of_workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_new_recovery_codes(key text, step bigint, code bytea, codes bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_new_recovery_codes(key text, step bigint, code bytea, codes bytea[]) TO pp_web;
REVOKE ALL ON FUNCTION public.app_passkeys() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_passkeys() TO pp_web;
REVOKE ALL ON FUNCTION public.app_place_in_line(job uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_place_in_line(job uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_plan(of_workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_plan(of_workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_proof() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_proof() TO pp_auth;
REVOKE ALL ON FUNCTION public.app_raise_budget(campaign uuid, amount bigint, key text, most bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_raise_budget(campaign uuid, amount bigint, key text, most bigint) TO pp_web;
REVOKE ALL ON FUNCTION public.app_raise_cap(bulk uuid, amount bigint, key text, most bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_raise_cap(bulk uuid, amount bigint, key text, most bigint) TO pp_web;
REVOKE ALL ON FUNCTION public.app_remove_passkey(of_ticket uuid, derived text, which uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_remove_passkey(of_ticket uuid, derived text, which uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_retry_uncertain(campaign uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_retry_uncertain(campaign uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_revoke_key(which uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_revoke_key(which uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_session() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.app_sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_sessions() TO pp_web;
REVOKE ALL ON FUNCTION public.app_set_limit(of_workspace uuid, of_person uuid, of_period text, new_micros bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_set_limit(of_workspace uuid, of_person uuid, of_period text, new_micros bigint) TO pp_web;
REVOKE ALL ON FUNCTION public.app_sign_in_ways() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_sign_in_ways() TO pp_web;
REVOKE ALL ON FUNCTION public.app_switch_off_second_factor(of_ticket uuid, derived text, key text, step bigint, code bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_switch_off_second_factor(of_ticket uuid, derived text, key text, step bigint, code bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.app_switch_on_second_factor(of_ticket uuid, derived text, new_secret text, step bigint, codes bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_switch_on_second_factor(of_ticket uuid, derived text, new_secret text, step bigint, codes bytea[]) TO pp_web;
REVOKE ALL ON FUNCTION public.app_switch_workspace(wanted uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_switch_workspace(wanted uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_visit(of_workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_visit(of_workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_wallet(of_workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_wallet(of_workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.app_watch(proof text, campaign uuid, gone_after_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_watch(proof text, campaign uuid, gone_after_s integer) TO pp_web;
REVOKE ALL ON FUNCTION public.app_worker_lives(gone_after_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_worker_lives(gone_after_s integer) TO pp_web;
REVOKE ALL ON FUNCTION public.app_workspaces_as(at_least text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_workspaces_as(at_least text) TO pp_web;
REVOKE ALL ON FUNCTION public.assigned_on_arrival() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.assignment_noted() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.attempt_keep() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.attempts_forget() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.audit_export() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_ask_reset(wanted text, from_ip text, link uuid, hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_ask_reset(wanted text, from_ip text, link uuid, hash bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_begin_second_factor() FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_begin_second_factor() TO pp_web;
REVOKE ALL ON FUNCTION public.auth_begin_sign_in(wanted text, from_ip text, device bytea, fresh text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_begin_sign_in(wanted text, from_ip text, device bytea, fresh text) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_check_password(of_ticket uuid, derived text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_check_voucher(key text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_create_first(new_id uuid, new_workspace uuid, new_email text, new_hash text, key text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_create_first(new_id uuid, new_workspace uuid, new_email text, new_hash text, key text) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_create_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_create_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean) TO pp_admin;
GRANT ALL ON FUNCTION public.auth_create_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean) TO pp_operator;
REVOKE ALL ON FUNCTION public.auth_end_sessions(owner uuid, but uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_guest_terms() FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_guest_terms() TO pp_web;
REVOKE ALL ON FUNCTION public.auth_half_session() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_keep_codes(account uuid, codes bytea[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_know_device(account uuid, device bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_let_in(account uuid, how text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_link_by_address(iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid, OUT account uuid, OUT came_to text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_make_reset_link(account uuid, wanted text, link uuid, hash bytea, without_factor boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_make_reset_link(account uuid, wanted text, link uuid, hash bytea, without_factor boolean) TO pp_admin;
GRANT ALL ON FUNCTION public.auth_make_reset_link(account uuid, wanted text, link uuid, hash bytea, without_factor boolean) TO pp_operator;
REVOKE ALL ON FUNCTION public.auth_make_user(new_id uuid, new_workspace uuid, new_email text, new_hash text, admin boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_new_link(new_id uuid, account uuid, of_kind text, hash bytea, address text, minutes integer, by_mail boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_new_password(account uuid, new_hash text, but uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_note(actor uuid, what text, workspace uuid, target uuid, more jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_open_command_session(wanted text, proof bytea, hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_open_command_session(wanted text, proof bytea, hours integer) TO pp_operator;
REVOKE ALL ON FUNCTION public.auth_open_guest(new_id uuid, new_workspace uuid, proof bytea, from_network text, seen_device text, seen_ip text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_open_guest(new_id uuid, new_workspace uuid, proof bytea, from_network text, seen_device text, seen_ip text) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_open_session(proof bytea, owner uuid, kind_of text, hours integer, idle_hours integer, seen_device text, seen_ip text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_pass_second_factor(key text, step bigint, code bytea, new_proof bytea, hours integer, idle_hours integer, new_device bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_pass_second_factor(key text, step bigint, code bytea, new_proof bytea, hours integer, idle_hours integer, new_device bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_passkey(credential bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_passkey(credential bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_see_link(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_see_link(hash bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_sign_in(of_ticket uuid, derived text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_sign_in(of_ticket uuid, derived text, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_sign_in_by_issuer(key text, iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_sign_in_by_issuer(key text, iss text, sub text, mail text, may_make boolean, new_id uuid, new_workspace uuid, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_sign_in_by_passkey(key text, credential bytea, count bigint, challenge bytea, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_sign_in_by_passkey(key text, credential bytea, count bigint, challenge bytea, proof bytea, hours integer, idle_hours integer, seen_device text, seen_ip text, new_device bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_sign_up(new_email text, new_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_sign_up(new_email text, new_hash text) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_take_code(account uuid, key text, step bigint, code bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_use_challenge(challenge bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.auth_use_email_link(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_use_email_link(hash bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_use_reset_link(hash bytea, new_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_use_reset_link(hash bytea, new_hash text) TO pp_web;
REVOKE ALL ON FUNCTION public.auth_users_exist() FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_users_exist() TO pp_web;
REVOKE ALL ON FUNCTION public.auth_who() FROM PUBLIC;
GRANT ALL ON FUNCTION public.auth_who() TO pp_web;
REVOKE ALL ON FUNCTION public.billing_due() FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_due() TO pp_system;
REVOKE ALL ON FUNCTION public.billing_event_keep(key text, event text, event_kind text, made timestamp with time zone, customer text, charge text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_event_keep(key text, event text, event_kind text, made timestamp with time zone, customer text, charge text) TO pp_web;
REVOKE ALL ON FUNCTION public.billing_keep(workspace uuid, of_turn bigint, held timestamp with time zone, said jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_keep(workspace uuid, of_turn bigint, held timestamp with time zone, said jsonb) TO pp_system;
REVOKE ALL ON FUNCTION public.billing_mail_claim(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_mail_claim(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.billing_mail_done(workspace uuid, mail uuid, problem text, again boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_mail_done(workspace uuid, mail uuid, problem text, again boolean) TO pp_system;
REVOKE ALL ON FUNCTION public.billing_mails_due() FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_mails_due() TO pp_system;
REVOKE ALL ON FUNCTION public.billing_part() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.billing_parted(customer text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_parted(customer text) TO pp_system;
REVOKE ALL ON FUNCTION public.billing_parting(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_parting(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.billing_payment_failed() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.billing_payments_keep(workspace uuid, of_turn bigint, said jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_payments_keep(workspace uuid, of_turn bigint, said jsonb) TO pp_system;
REVOKE ALL ON FUNCTION public.billing_promise(workspace uuid, what text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.billing_settle() FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_settle() TO pp_system;
REVOKE ALL ON FUNCTION public.billing_take(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_take(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.billing_wait(wait_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_wait(wait_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.billing_wallet_low() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.billing_wallets_check() FROM PUBLIC;
GRANT ALL ON FUNCTION public.billing_wallets_check() TO pp_system;
REVOKE ALL ON FUNCTION public.book_carries() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.book_edited() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.book_email_kind(email text, is_role boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_email_kind(email text, is_role boolean) TO pp_auth;
GRANT ALL ON FUNCTION public.book_email_kind(email text, is_role boolean) TO pp_web;
GRANT ALL ON FUNCTION public.book_email_kind(email text, is_role boolean) TO pp_worker;
REVOKE ALL ON FUNCTION public.book_ids(workspace uuid, wanted tsquery, tags text[], source text, kind text, open boolean, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_ids(workspace uuid, wanted tsquery, tags text[], source text, kind text, open boolean, most integer) TO pp_web;
REVOKE ALL ON FUNCTION public.book_labels(workspace uuid, tags text[], origins jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_labels(workspace uuid, tags text[], origins jsonb) TO pp_auth;
GRANT ALL ON FUNCTION public.book_labels(workspace uuid, tags text[], origins jsonb) TO pp_web;
GRANT ALL ON FUNCTION public.book_labels(workspace uuid, tags text[], origins jsonb) TO pp_worker;
REVOKE ALL ON FUNCTION public.book_loses() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.book_named(workspace uuid, emails text[], domains text[], phones text[], names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_named(workspace uuid, emails text[], domains text[], phones text[], names text[]) TO pp_web;
GRANT ALL ON FUNCTION public.book_named(workspace uuid, emails text[], domains text[], phones text[], names text[]) TO pp_worker;
GRANT ALL ON FUNCTION public.book_named(workspace uuid, emails text[], domains text[], phones text[], names text[]) TO pp_system;
REVOKE ALL ON FUNCTION public.book_notes() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.book_open_labels(workspace uuid, time_zone text, open_week int4multirange) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_open_labels(workspace uuid, time_zone text, open_week int4multirange) TO pp_auth;
GRANT ALL ON FUNCTION public.book_open_labels(workspace uuid, time_zone text, open_week int4multirange) TO pp_web;
GRANT ALL ON FUNCTION public.book_open_labels(workspace uuid, time_zone text, open_week int4multirange) TO pp_worker;
REVOKE ALL ON FUNCTION public.book_others(workspace uuid, details jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_others(workspace uuid, details jsonb) TO pp_auth;
GRANT ALL ON FUNCTION public.book_others(workspace uuid, details jsonb) TO pp_web;
GRANT ALL ON FUNCTION public.book_others(workspace uuid, details jsonb) TO pp_worker;
REVOKE ALL ON FUNCTION public.book_plain(words text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_plain(words text) TO pp_auth;
GRANT ALL ON FUNCTION public.book_plain(words text) TO pp_web;
REVOKE ALL ON FUNCTION public.book_record_key(source text, ref text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.book_tag_text(tags text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_tag_text(tags text[]) TO pp_auth;
GRANT ALL ON FUNCTION public.book_tag_text(tags text[]) TO pp_web;
GRANT ALL ON FUNCTION public.book_tag_text(tags text[]) TO pp_worker;
REVOKE ALL ON FUNCTION public.book_tags(workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_tags(workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.book_words(workspace uuid, words text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_words(workspace uuid, words text) TO pp_auth;
GRANT ALL ON FUNCTION public.book_words(workspace uuid, words text) TO pp_web;
REVOKE ALL ON FUNCTION public.bulk_admit() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.bulk_count() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.bulk_forgets() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.bulk_goes_on() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.bulk_note() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.bulk_status(open bigint, begun bigint, completed bigint, failed bigint, cancelled bigint, total bigint, is_paused boolean, is_stopped boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.bulk_status(open bigint, begun bigint, completed bigint, failed bigint, cancelled bigint, total bigint, is_paused boolean, is_stopped boolean) TO pp_web;
GRANT ALL ON FUNCTION public.bulk_status(open bigint, begun bigint, completed bigint, failed bigint, cancelled bigint, total bigint, is_paused boolean, is_stopped boolean) TO pp_auth;
REVOKE ALL ON FUNCTION public.bulk_sums(of_workspace uuid, of_bulk uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.bulk_sums(of_workspace uuid, of_bulk uuid) TO pp_web;
GRANT ALL ON FUNCTION public.bulk_sums(of_workspace uuid, of_bulk uuid) TO pp_auth;
REVOKE ALL ON FUNCTION public.cache_forget(questions jsonb, since timestamp with time zone, campaigns uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.call_answered(workspace uuid, call_key bytea, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean, question_provider text, question_operation text, question_hash bytea, days integer, asker uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.call_answered(workspace uuid, call_key bytea, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean, question_provider text, question_operation text, question_hash bytea, days integer, asker uuid) TO pp_worker;
REVOKE ALL ON FUNCTION public.call_counts(state text, cost bigint, saved bigint, found boolean, OUT calls bigint, OUT asked bigint, OUT hits bigint, OUT cost_micros bigint, OUT saved_micros bigint, OUT missed_micros bigint, OUT uncertain_micros bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.call_counts(state text, cost bigint, saved bigint, found boolean, OUT calls bigint, OUT asked bigint, OUT hits bigint, OUT cost_micros bigint, OUT saved_micros bigint, OUT missed_micros bigint, OUT uncertain_micros bigint) TO pp_auth;
REVOKE ALL ON FUNCTION public.call_look(job uuid, token bigint, workspace uuid, call_key bytea, question_provider text, question_operation text, question_hash bytea, asker uuid, seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.call_look(job uuid, token bigint, workspace uuid, call_key bytea, question_provider text, question_operation text, question_hash bytea, asker uuid, seconds integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.call_sums_add(call public.provider_calls, sign integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.call_sums_keep() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.calls_forget(workspace uuid, keys bytea[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.campaign_loses_replies() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.campaign_loses_tags() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.campaign_order(spec jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.campaign_order(spec jsonb) TO pp_web;
GRANT ALL ON FUNCTION public.campaign_order(spec jsonb) TO pp_worker;
GRANT ALL ON FUNCTION public.campaign_order(spec jsonb) TO pp_auth;
GRANT ALL ON FUNCTION public.campaign_order(spec jsonb) TO pp_system;
GRANT ALL ON FUNCTION public.campaign_order(spec jsonb) TO pp_admin;
REVOKE ALL ON FUNCTION public.campaign_remove(home uuid, campaign uuid, began timestamp with time zone, questions jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.campaign_search(spec jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.campaign_search(spec jsonb) TO pp_web;
GRANT ALL ON FUNCTION public.campaign_search(spec jsonb) TO pp_worker;
GRANT ALL ON FUNCTION public.campaign_search(spec jsonb) TO pp_auth;
GRANT ALL ON FUNCTION public.campaign_search(spec jsonb) TO pp_system;
GRANT ALL ON FUNCTION public.campaign_search(spec jsonb) TO pp_admin;
REVOKE ALL ON FUNCTION public.campaigns_to_check(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.campaigns_to_check(most integer) TO pp_system;
REVOKE ALL ON FUNCTION public.client_link_admits() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.client_link_email(value text, is_whole boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.client_link_enter(key bytea, derived text, visit bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_enter(key bytea, derived text, visit bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.client_link_is_open(link public.client_links, visit bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.client_link_leads(key bytea, visit bytea, kept_here text[], after_confidence integer, after_id uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_leads(key bytea, visit bytea, kept_here text[], after_confidence integer, after_id uuid, most integer) TO pp_web;
REVOKE ALL ON FUNCTION public.client_link_noted() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.client_link_of(key bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.client_link_phone(value text, is_whole boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.client_link_revoke(workspace uuid, link uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_revoke(workspace uuid, link uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.client_link_see(key bytea, visit bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_see(key bytea, visit bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.client_link_sheet(key bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_sheet(key bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.client_link_sheet_part(key bytea, file uuid, nth integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_sheet_part(key bytea, file uuid, nth integer) TO pp_web;
REVOKE ALL ON FUNCTION public.client_link_taken(key bytea, visit bytea, export_id uuid, taken uuid[], sha bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_taken(key bytea, visit bytea, export_id uuid, taken uuid[], sha bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.client_link_text(value text, is_whole boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.client_link_try(key bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_try(key bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.client_link_value(value text, field text, provenance jsonb, kept_here text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.client_link_viewed(key bytea, visit bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.client_link_viewed(key bytea, visit bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.crm_list_kept() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.crm_noted() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.crm_push(workspace uuid, run uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_push(workspace uuid, run uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.crm_stop(workspace uuid, run uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_stop(workspace uuid, run uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.crm_work_checked(workspace uuid, which text, why text, has text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_checked(workspace uuid, which text, why text, has text[]) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_connection(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_connection(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_customers(workspace uuid, which text, why text, list uuid, called text, digest bytea, rows_of bytea, places jsonb, how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_customers(workspace uuid, which text, why text, list uuid, called text, digest bytea, rows_of bytea, places jsonb, how_many integer) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_done(workspace uuid, run uuid, outcomes jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_done(workspace uuid, run uuid, outcomes jsonb) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_due() FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_due() TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_facts(workspace uuid, run uuid, companies uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_facts(workspace uuid, run uuid, companies uuid[]) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_gone(workspace uuid, run uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_gone(workspace uuid, run uuid) TO pp_system;
REVOKE ALL ON FUNCTION public.lead_mark(value text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lead_mark(value text, reason text) TO pp_web;
GRANT ALL ON FUNCTION public.lead_mark(value text, reason text) TO pp_worker;
GRANT ALL ON FUNCTION public.lead_mark(value text, reason text) TO pp_auth;
GRANT ALL ON FUNCTION public.lead_mark(value text, reason text) TO pp_system;
GRANT ALL ON FUNCTION public.lead_mark(value text, reason text) TO pp_admin;
REVOKE ALL ON FUNCTION public.crm_work_leads(workspace uuid, run uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_leads(workspace uuid, run uuid, most integer) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_listed(workspace uuid, hashes bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_listed(workspace uuid, hashes bytea[]) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_run(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_run(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_taken(workspace uuid, run uuid, companies uuid[], ids text[], by_marks text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_taken(workspace uuid, run uuid, companies uuid[], ids text[], by_marks text[]) TO pp_system;
REVOKE ALL ON FUNCTION public.crm_work_wait(workspace uuid, run uuid, why text, wait_s double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.crm_work_wait(workspace uuid, run uuid, why text, wait_s double precision) TO pp_system;
REVOKE ALL ON FUNCTION public.customers_carry() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.customers_change() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.customers_count(workspace uuid, chosen uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.customers_show() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.duty_ask(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.duty_ask(wanted text) TO pp_admin;
REVOKE ALL ON FUNCTION public.export_fail(why text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_fail(why text) TO pp_worker;
REVOKE ALL ON FUNCTION public.export_finish(file_name text, leads integer, missing integer, size bigint, sum bytea, hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_finish(file_name text, leads integer, missing integer, size bigint, sum bytea, hours integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.export_go_on(through integer, of_all integer, seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_go_on(through integer, of_all integer, seconds integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.export_is_due() FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_is_due() TO pp_system;
REVOKE ALL ON FUNCTION public.export_mark(home uuid, file uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_mark(home uuid, file uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.export_marks(taken uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_marks(taken uuid[]) TO pp_worker;
REVOKE ALL ON FUNCTION public.export_part(place integer, piece bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_part(place integer, piece bytea) TO pp_worker;
REVOKE ALL ON FUNCTION public.export_take(seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_take(seconds integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.flight_claim(question_provider text, question_operation text, question_hash bytea, asker uuid, seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.flight_claim(question_provider text, question_operation text, question_hash bytea, asker uuid, seconds integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.forget_api_rows() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_api_rows() TO pp_system;
REVOKE ALL ON FUNCTION public.forget_audit(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_audit(days integer) TO pp_system;
REVOKE ALL ON FUNCTION public.forget_book_filters(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_book_filters(days integer) TO pp_system;
REVOKE ALL ON FUNCTION public.forget_crm_runs(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_crm_runs(days integer) TO pp_system;
REVOKE ALL ON FUNCTION public.forget_exports() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_exports() TO pp_system;
REVOKE ALL ON FUNCTION public.forget_faults(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_faults(days integer) TO pp_system;
REVOKE ALL ON FUNCTION public.forget_found(limits jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_found(limits jsonb) TO pp_system;
REVOKE ALL ON FUNCTION public.forget_google_answers() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_google_answers() TO pp_system;
REVOKE ALL ON FUNCTION public.forget_google_values() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_google_values() TO pp_system;
REVOKE ALL ON FUNCTION public.forget_guests() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_guests() TO pp_system;
REVOKE ALL ON FUNCTION public.forget_leads(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_leads(days integer) TO pp_system;
REVOKE ALL ON FUNCTION public.forget_lists() FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_lists() TO pp_system;
REVOKE ALL ON FUNCTION public.forget_old(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_old(days integer) TO pp_system;
REVOKE ALL ON FUNCTION public.forget_values(limits jsonb, fields text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_values(limits jsonb, fields text[]) TO pp_system;
REVOKE ALL ON FUNCTION public.forget_webhook_deliveries(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.forget_webhook_deliveries(days integer) TO pp_system;
REVOKE ALL ON FUNCTION public.guest_admits() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.guest_forget(account uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.guest_orders(account uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.held_answers(wanted_provider text, wanted_operation text, hashes bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.held_answers(wanted_provider text, wanted_operation text, hashes bytea[]) TO pp_web;
REVOKE ALL ON FUNCTION public.invitation_accept(proof bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invitation_accept(proof bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.invitation_accept_new(proof bytea, new_id uuid, new_workspace uuid, new_email text, new_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invitation_accept_new(proof bytea, new_id uuid, new_workspace uuid, new_email text, new_hash text) TO pp_web;
REVOKE ALL ON FUNCTION public.invitation_claim_mail(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invitation_claim_mail(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.invitation_mail_done(invitation uuid, problem text, again boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invitation_mail_done(invitation uuid, problem text, again boolean) TO pp_system;
REVOKE ALL ON FUNCTION public.invitation_of(proof bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.invitation_of(proof bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.invitation_take(proof bytea, account uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.invitations_close() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.job_delete(job uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.job_delete(job uuid) TO pp_admin;
REVOKE ALL ON FUNCTION public.key_admits() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.key_ordered(of_workspace uuid, of_key uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.key_orders() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.lead_typed(one public.leads) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.lead_week(one public.leads) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.lead_with(one public.leads, given jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.lease_claim(job uuid, wanted_attempt integer, owner text, seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lease_claim(job uuid, wanted_attempt integer, owner text, seconds integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.lease_state(job uuid, token bigint, minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lease_state(job uuid, token bigint, minutes integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.ledger_begin(job uuid, token bigint, minutes integer, workspace uuid, campaign uuid, call_key bytea, call_id uuid, call_provider text, call_operation text, call_arguments jsonb, price bigint, call_attempt integer, call_subject text, question_hash bytea, asker uuid, seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ledger_begin(job uuid, token bigint, minutes integer, workspace uuid, campaign uuid, call_key bytea, call_id uuid, call_provider text, call_operation text, call_arguments jsonb, price bigint, call_attempt integer, call_subject text, question_hash bytea, asker uuid, seconds integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.ledger_close(workspace uuid, campaign uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ledger_close(workspace uuid, campaign uuid) TO pp_worker;
GRANT ALL ON FUNCTION public.ledger_close(workspace uuid, campaign uuid) TO pp_web;
GRANT ALL ON FUNCTION public.ledger_close(workspace uuid, campaign uuid) TO pp_admin;
GRANT ALL ON FUNCTION public.ledger_close(workspace uuid, campaign uuid) TO pp_system;
REVOKE ALL ON FUNCTION public.ledger_correct_leads(workspace uuid, campaign uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ledger_hit_rates() FROM PUBLIC;
GRANT ALL ON FUNCTION public.ledger_hit_rates() TO pp_web;
GRANT ALL ON FUNCTION public.ledger_hit_rates() TO pp_worker;
REVOKE ALL ON FUNCTION public.ledger_is_open(workspace uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ledger_restate(workspace uuid, call_key bytea, cost bigint, answer jsonb, has_found boolean, is_simulated boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ledger_restate(workspace uuid, call_key bytea, cost bigint, answer jsonb, has_found boolean, is_simulated boolean) TO pp_worker;
REVOKE ALL ON FUNCTION public.ledger_settle(workspace uuid, call_key bytea, new_state text, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean, problem text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ledger_settle(workspace uuid, call_key bytea, new_state text, cost bigint, status integer, answer jsonb, has_found boolean, is_simulated boolean, problem text) TO pp_worker;
REVOKE ALL ON FUNCTION public.ledger_sums(by_what text, since timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ledger_sums(by_what text, since timestamp with time zone, until timestamp with time zone) TO pp_admin;
REVOKE ALL ON FUNCTION public.list_alike(workspace uuid, domains text[], phones text[], names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.list_alike(workspace uuid, domains text[], phones text[], names text[]) TO pp_system;
REVOKE ALL ON FUNCTION public.list_bringing(workspace uuid, hash bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.list_remove(workspace uuid, list uuid, gone boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.list_remove(workspace uuid, list uuid, gone boolean) TO pp_web;
REVOKE ALL ON FUNCTION public.lists_hold(workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lists_hold(workspace uuid) TO pp_system;
REVOKE ALL ON FUNCTION public.membership_has_owner() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.mention_claim_mail(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.mention_claim_mail(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.mention_mail_done(mail uuid, problem text, again boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.mention_mail_done(mail uuid, problem text, again boolean) TO pp_system;
REVOKE ALL ON FUNCTION public.metrics_now() FROM PUBLIC;
GRANT ALL ON FUNCTION public.metrics_now() TO pp_web;
REVOKE ALL ON FUNCTION public.minute_of_week(moment timestamp with time zone, zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.minute_of_week(moment timestamp with time zone, zone text) TO pp_auth;
GRANT ALL ON FUNCTION public.minute_of_week(moment timestamp with time zone, zone text) TO pp_web;
GRANT ALL ON FUNCTION public.minute_of_week(moment timestamp with time zone, zone text) TO pp_worker;
REVOKE ALL ON FUNCTION public.needs_an_account() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.note_rewritten() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.outbox_claim_mail(hold_s integer, most_hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.outbox_claim_mail(hold_s integer, most_hours integer) TO pp_system;
REVOKE ALL ON FUNCTION public.own_list_let_go(campaign uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.own_list_let_go(campaign uuid) TO pp_worker;
REVOKE ALL ON FUNCTION public.place_load_again(load uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.place_load_again(load uuid) TO pp_admin;
REVOKE ALL ON FUNCTION public.place_load_ask(load uuid, what text, called text, typed text, file text, land text, seen_on date, whole boolean, content bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.place_load_ask(load uuid, what text, called text, typed text, file text, land text, seen_on date, whole boolean, content bytea) TO pp_admin;
REVOKE ALL ON FUNCTION public.place_load_stop(load uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.place_load_stop(load uuid) TO pp_admin;
REVOKE ALL ON FUNCTION public.place_wish(typed text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.place_wish(typed text) TO pp_web;
REVOKE ALL ON FUNCTION public.place_wish_settle(typed text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.place_wish_settle(typed text) TO pp_admin;
REVOKE ALL ON FUNCTION public.plan_figures(workspace uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.plan_keys_admit() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.plan_leads_count() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.plan_leads_grant() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.plan_members_admit() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.plan_refuse(figures jsonb, what text, room bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.plan_schedules_admit() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.provider_steer(what text, stop boolean, label text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.provider_steer(what text, stop boolean, label text) TO pp_admin;
REVOKE ALL ON FUNCTION public.queue_pause(wanted boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.queue_pause(wanted boolean) TO pp_admin;
REVOKE ALL ON FUNCTION public.role_rank(role text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.role_rank(role text) TO pp_auth;
REVOKE ALL ON FUNCTION public.run_differences(workspace uuid, earlier uuid, later uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.run_differences(workspace uuid, earlier uuid, later uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.schedule_admits() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_brought_on() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_export_secret(workspace uuid, schedule uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_export_secret(workspace uuid, schedule uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.schedule_file_waits(workspace uuid, run uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_file_waits(workspace uuid, run uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.schedule_keeps_failing(one public.schedules) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_may_export(workspace uuid, person uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_noted() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_order(workspace uuid, schedule uuid, due timestamp with time zone, next_time timestamp with time zone, passed integer, run uuid, campaign uuid, job uuid, wake uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_order(workspace uuid, schedule uuid, due timestamp with time zone, next_time timestamp with time zone, passed integer, run uuid, campaign uuid, job uuid, wake uuid) TO pp_system;
REVOKE ALL ON FUNCTION public.schedule_pause(workspace uuid, schedule uuid, cause text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_pause(workspace uuid, schedule uuid, cause text) TO pp_system;
REVOKE ALL ON FUNCTION public.schedule_refusal(one public.schedules) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_run_failed(workspace uuid, run uuid, why text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_run_follows() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_run_gone() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_send_again(workspace uuid, run uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_send_again(workspace uuid, run uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.schedule_send_done(went_to text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_send_done(went_to text) TO pp_worker;
REVOKE ALL ON FUNCTION public.schedule_send_failed(why text, wait_s double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_send_failed(why text, wait_s double precision) TO pp_worker;
REVOKE ALL ON FUNCTION public.schedule_send_go_on(seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_send_go_on(seconds integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.schedule_send_is_due() FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_send_is_due() TO pp_system;
REVOKE ALL ON FUNCTION public.schedule_send_part(place integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_send_part(place integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.schedule_send_take(seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedule_send_take(seconds integer) TO pp_worker;
REVOKE ALL ON FUNCTION public.schedule_sending() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedule_spent(one public.schedules) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.schedules_due(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedules_due(most integer) TO pp_system;
REVOKE ALL ON FUNCTION public.schedules_spent(workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.schedules_spent(workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.secret_changed() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.secret_keep(what text, encrypted text, mark text, to_show jsonb, label text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.secret_keep(what text, encrypted text, mark text, to_show jsonb, label text) TO pp_admin;
REVOKE ALL ON FUNCTION public.secret_noted(what text, done text, label text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.secret_remove(what text, label text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.secret_remove(what text, label text) TO pp_admin;
REVOKE ALL ON FUNCTION public.spend_add(workspace uuid, campaign uuid, at timestamp with time zone, change bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_admit() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_count() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_counts(state text, price bigint, cost bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.spend_counts(state text, price bigint, cost bigint) TO pp_auth;
GRANT ALL ON FUNCTION public.spend_counts(state text, price bigint, cost bigint) TO pp_worker;
GRANT ALL ON FUNCTION public.spend_counts(state text, price bigint, cost bigint) TO pp_system;
REVOKE ALL ON FUNCTION public.spend_promised(of_limit public.spend_limits) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_sees_all() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_starts(period text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.spend_starts(period text, at timestamp with time zone) TO pp_auth;
REVOKE ALL ON FUNCTION public.spend_sums_add(part public.call_sums, whose uuid, ordered bigint, usable bigint, sign integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_sums_compact() FROM PUBLIC;
GRANT ALL ON FUNCTION public.spend_sums_compact() TO pp_system;
REVOKE ALL ON FUNCTION public.spend_sums_keep() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_sums_left() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_sums_of(campaign public.campaigns, sign integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.spend_used(of_limit public.spend_limits) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.subject_about(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_about(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_activities(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_activities(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_acts(workspace uuid, who jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.subject_blot(rows_of regclass, who jsonb, ids uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.subject_businesses(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_businesses(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_calls(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_calls(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_edits(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_edits(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_erase(workspace uuid, who jsonb, questions jsonb, tombstone bytea, hint text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_erase(workspace uuid, who jsonb, questions jsonb, tombstone bytea, hint text) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_erase_invited(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_erase_invited(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_erase_replies(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_erase_replies(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_erase_tags(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_erase_tags(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_erase_views(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_erase_views(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_exports_erase(workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_exports_erase(workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_forget_edits(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_forget_edits(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_invitations(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_invitations(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_keep_away(workspace uuid, hashes bytea[], hints text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_keep_away(workspace uuid, hashes bytea[], hints text[]) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_kept(workspace uuid, who jsonb, questions jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_kept(workspace uuid, who jsonb, questions jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_lists_erase(workspace uuid, hash bytea, kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_lists_erase(workspace uuid, hash bytea, kind text) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_reported(workspace uuid, hash bytea, kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_reported(workspace uuid, hash bytea, kind text) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_scope(workspace uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.subject_tags(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_tags(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.subject_views(workspace uuid, who jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.subject_views(workspace uuid, who jsonb) TO pp_web;
REVOKE ALL ON FUNCTION public.suppressed_forget() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.suppression_remove(workspace uuid, hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.suppression_remove(workspace uuid, hash bytea) TO pp_web;
REVOKE ALL ON FUNCTION public.suppressions_take_back(workspace uuid, put_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.suppressions_take_back(workspace uuid, put_at timestamp with time zone) TO pp_web;
REVOKE ALL ON FUNCTION public.team_hand_over(workspace uuid, member uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.team_hand_over(workspace uuid, member uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.team_invite(workspace uuid, new_id uuid, wanted text, new_role text, proof bytea, by_mail boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.team_invite(workspace uuid, new_id uuid, wanted text, new_role text, proof bytea, by_mail boolean) TO pp_web;
REVOKE ALL ON FUNCTION public.team_leave(workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.team_leave(workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.team_people(workspace uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.team_people(workspace uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.team_rank(workspace uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.team_remove(workspace uuid, member uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.team_remove(workspace uuid, member uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.team_rename(workspace uuid, new_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.team_rename(workspace uuid, new_name text) TO pp_web;
REVOKE ALL ON FUNCTION public.team_set_role(workspace uuid, member uuid, new_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.team_set_role(workspace uuid, member uuid, new_role text) TO pp_web;
REVOKE ALL ON FUNCTION public.team_take_out(workspace uuid, member uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.team_uninvite(workspace uuid, invitation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.team_uninvite(workspace uuid, invitation uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.wallet_admit() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.wallet_admit_bulk() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.wallet_count() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.wallet_move(workspace uuid, why text, change bigint, charge text, campaign uuid, call uuid, of_test boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.wallet_promised(workspace uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.wallet_refuse(room bigint, owed bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.wallets_are_on() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.wallets_end_test() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.webhook_alert() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.webhook_campaign_ended() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.webhook_claim(hold_s integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.webhook_claim(hold_s integer) TO pp_system;
REVOKE ALL ON FUNCTION public.webhook_done(workspace uuid, delivery uuid, answered integer, why text, wait_s double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION public.webhook_done(workspace uuid, delivery uuid, answered integer, why text, wait_s double precision) TO pp_system;
REVOKE ALL ON FUNCTION public.webhook_lead_verified() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.webhook_most() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.webhook_noted() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.webhook_promise(workspace uuid, what text, told jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.webhook_renew_secret(workspace uuid, webhook uuid, sealed text, hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.webhook_renew_secret(workspace uuid, webhook uuid, sealed text, hours integer) TO pp_web;
REVOKE ALL ON FUNCTION public.webhook_send(workspace uuid, webhook uuid, delivery uuid, what text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.webhook_send(workspace uuid, webhook uuid, delivery uuid, what text) TO pp_web;
REVOKE ALL ON FUNCTION public.webhook_send_again(workspace uuid, delivery uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.webhook_send_again(workspace uuid, delivery uuid) TO pp_web;
REVOKE ALL ON FUNCTION public.worker_asks(job uuid, token bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_asks(job uuid, token bigint) TO pp_worker;
REVOKE ALL ON FUNCTION public.worker_rest(wanted text, rests boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION public.worker_rest(wanted text, rests boolean) TO pp_admin;
REVOKE ALL ON FUNCTION public.workspace_is_empty(workspace uuid) FROM PUBLIC;
